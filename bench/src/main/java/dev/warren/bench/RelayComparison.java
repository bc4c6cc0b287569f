package dev.warren.bench;

import dev.warren.interop.Implementation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What relays hold and pass on, beside other implementations. */
@Command(
    name = "relay",
    description = {
      "Relays: how fast they pass on, and what thousands of places and circuits take.",
      "The ends are ours in all cases, on this machine too."
    },
    mixinStandardHelpOptions = true)
final class RelayComparison implements Callable<Integer> {
  private static final int ECHO_BYTES = 64 << 10;

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "go,rust",
      description = "The implementations to compare with (default: ${DEFAULT-VALUE}).")
  private Set<Implementation> others = Set.of();

  @Option(
      names = "--reservations",
      defaultValue = "10000",
      description = "Places that are held (default: ${DEFAULT-VALUE}).")
  private int reservations;

  @Option(
      names = "--circuits",
      defaultValue = "1000",
      description = "Circuits that are open and used at once (default: ${DEFAULT-VALUE}).")
  private int circuits;

  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Volume volume = new Volume();
  @Mixin private final Report report = new Report();

  /** A way between the two ends. */
  private record Way(String name, String address, List<Long> relay) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Passage(double megabytesPerSecond, double relayCpuPerGib) {
    @Override
    public String toString() {
      return "%.0f MB/s, relay %.2f CPU s/GiB".formatted(megabytesPerSecond, relayCpuPerGib);
    }
  }

  @Override
  public Integer call() throws IOException {
    var all = EnumSet.of(Implementation.WARREN);
    all.addAll(others);
    Path home = Files.createTempDirectory("warren-bench-relay");
    report.publish(
        "Java %s\n\n".formatted(Runtime.version()) + speed(all, home) + "\n" + crowds(all, home));
    return 0;
  }

  private MarkdownTable speed(Set<Implementation> all, Path home) throws IOException {
    List<RelayUnderTest> relays = new ArrayList<>();
    try (JvmProcess receiver = JvmProcess.start(RelayedPeer.class);
        JvmProcess sender = JvmProcess.start(RelayedPeer.class)) {
      sender.answer();
      List<Way> ways = new ArrayList<>();
      ways.add(new Way("direct", receiver.answer(), List.of()));
      for (Implementation implementation : all) {
        RelayUnderTest relay =
            RelayUnderTest.start(implementation, home.resolve("speed-" + implementation));
        relays.add(relay);
        String address = receiver.ask("reserve " + relay.address());
        ways.add(new Way("through " + relay.name(), address, List.of(relay.pid())));
      }
      Map<Way, List<Passage>> results =
          Rounds.run(repetition.rounds(), ways, way -> pass(sender, way));
      return table(ways, results);
    } finally {
      for (RelayUnderTest relay : relays) {
        relay.close();
      }
    }
  }

  private Passage pass(JvmProcess sender, Way way) throws IOException {
    List<ProcessMeter> meters = new ArrayList<>();
    for (long pid : way.relay) {
      meters.add(ProcessMeter.start(pid));
    }
    double seconds = Double.parseDouble(sender.ask("send " + way.address + " " + volume.bytes()));
    double cpuSeconds = 0;
    for (ProcessMeter meter : meters) {
      cpuSeconds += meter.read().cpuSeconds();
    }
    return new Passage(volume.bytes() / seconds / 1e6, cpuSeconds / volume.bytes() * (1L << 30));
  }

  private static MarkdownTable table(List<Way> ways, Map<Way, List<Passage>> results) {
    List<Passage> direct = results.get(ways.getFirst());
    var table = new MarkdownTable("", "MB/s (range)", "÷ direct (range)", "relay CPU s/GiB");
    for (Way way : ways) {
      List<Passage> passages = results.get(way);
      double[] ratios = new double[passages.size()];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = passages.get(i).megabytesPerSecond / direct.get(i).megabytesPerSecond;
      }
      table.row(
          way.name,
          Summary.of(passages, Passage::megabytesPerSecond).text("%.0f"),
          Summary.of(ratios).text("%.2f"),
          "%.2f".formatted(Summary.of(passages, Passage::relayCpuPerGib).median()));
    }
    return table;
  }

  private MarkdownTable crowds(Set<Implementation> all, Path home) throws IOException {
    var table =
        new MarkdownTable(
            "relay",
            "places held",
            "taken in, s",
            "resident MiB then",
            "circuits",
            "of those, that echoed all",
            "resident MiB with them",
            "echo of 64 KiB on all, s",
            "median ms",
            "99 % ms",
            "CPU s in all");
    for (Implementation implementation : all) {
      try (RelayUnderTest relay =
              RelayUnderTest.start(implementation, home.resolve("crowd-" + implementation));
          JvmProcess crowd = JvmProcess.start(RelayCrowd.class, relay.address())) {
        table.row(row(relay, crowd));
      }
    }
    return table;
  }

  private String[] row(RelayUnderTest relay, JvmProcess crowd) throws IOException {
    crowd.answer();
    ProcessMeter meter = ProcessMeter.start(relay.pid());
    long begin = System.nanoTime();
    String held = crowd.ask("reserve " + reservations);
    double seconds = (System.nanoTime() - begin) / 1e9;
    long resident = ProcessMeter.residentBytes(relay.pid());
    String open = crowd.ask("circuits " + circuits);
    crowd.ask("echo " + ECHO_BYTES); // code is loaded and windows grow
    String[] echo = crowd.ask("echo " + ECHO_BYTES).split(" ", -1);
    long withCircuits = ProcessMeter.residentBytes(relay.pid());
    System.err.println(relay.name() + ": " + held + " places, " + open + " circuits");
    return new String[] {
      relay.name(),
      held,
      "%.1f".formatted(seconds),
      Long.toString(resident >> 20),
      open,
      echo[0],
      Long.toString(withCircuits >> 20),
      echo[1],
      echo[2],
      echo[3],
      "%.1f".formatted(meter.read().cpuSeconds())
    };
  }
}
