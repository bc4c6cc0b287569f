package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.lab.LinkedPeers.Transport;
import dev.warren.interop.Implementation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Two computers with a bad line between them. */
@Command(
    name = "scripts/netchaos",
    mixinStandardHelpOptions = true,
    description = {
      "Measures /perf over a line that delays, loses and reorders packets, beside go-libp2p and"
          + " rust-libp2p; shares a file over it; and sees how long it takes where no UDP gets"
          + " through.",
      "",
      "The line is a program between two network namespaces, of which nothing is left afterwards."
    },
    footer = {"", "Exit codes: 0 all was received, 1 not."})
final class NetChaos implements Callable<Integer> {
  private static final String NEAR = "11.1.0.1";
  private static final String FAR = "11.1.0.2";
  private static final int SHARED_MEBIBYTES = 16;
  private static final Duration SHARED_AT = Duration.ofMillis(50);
  private static final int SHARED_LOSS = 5;

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "go,rust",
      description = "Whom to compare with (default: ${DEFAULT-VALUE}).")
  private List<Implementation> beside = List.of();

  @Option(
      names = "--transport",
      split = ",",
      defaultValue = "quic,tcp",
      description = "Over what (default: ${DEFAULT-VALUE}).")
  private List<Transport> transports = List.of();

  @Option(
      names = "--loss",
      split = ",",
      defaultValue = "0,1,5,10",
      paramLabel = "PERCENT",
      description = "Packets lost in each direction (default: ${DEFAULT-VALUE}).")
  private List<Integer> losses = List.of();

  @Option(
      names = "--rtt",
      split = ",",
      defaultValue = "50,200",
      paramLabel = "MILLIS",
      description = "There and back (default: ${DEFAULT-VALUE}).")
  private List<Integer> roundTrips = List.of();

  @Option(
      names = "--reordering",
      defaultValue = "1",
      paramLabel = "PERCENT",
      description = "Packets that are late by up to an eighth of that (default: ${DEFAULT-VALUE}).")
  private int reordering;

  @Option(
      names = "--rate",
      defaultValue = "50",
      paramLabel = "MB/S",
      description = "How fast the line is (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of what becomes of which packet (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--no-perf", description = "Only share.")
  private boolean sharingOnly;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Also put the results in this file, docs/benchmarks.md, between their marks.")
  private Optional<Path> file = Optional.empty();

  private final NetworkNamespace near = NetworkNamespace.make("near");
  private final NetworkNamespace far = NetworkNamespace.make("far");

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new NetChaos()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("netchaos");
    try (var link = Link.join(near, NEAR, far, FAR)) {
      String results = (sharingOnly ? "" : perf(link) + "\n") + sharing(link, folder);
      System.out.print("\n" + results);
      if (file.isPresent()) {
        new MarkedSection(file.get(), "netchaos").write(results);
      }
    }
    return 0;
  }

  private String perf(Link link) throws IOException {
    List<Implementation> all = new ArrayList<>(List.of(Implementation.WARREN));
    all.addAll(beside);
    List<LinkedPeers> pairs = new ArrayList<>();
    try {
      for (Transport transport : transports) {
        for (Implementation each : all) {
          pairs.add(LinkedPeers.start(each, transport, near, far, FAR));
        }
      }
      var table = new StringBuilder("| round trip, loss |");
      pairs.forEach(pair -> table.append(' ').append(pair.label()).append(" |"));
      table.append("\n|---|").append("--:|".repeat(pairs.size())).append('\n');
      for (int roundTrip : roundTrips) {
        for (int loss : losses) {
          table.append("| %d ms, %d %% |".formatted(roundTrip, loss));
          for (LinkedPeers pair : pairs) {
            link.set(weather(Duration.ofMillis(roundTrip), loss), seed);
            double megabytes = pair.bytesPerSecond() / 1e6;
            System.out.printf(
                Locale.ROOT,
                "%d ms, %d %%, %s: %.2f MB/s%n",
                roundTrip,
                loss,
                pair.label(),
                megabytes);
            table.append(" %.2f |".formatted(megabytes));
          }
          table.append('\n');
        }
      }
      return table.toString();
    } finally {
      pairs.forEach(LinkedPeers::close);
    }
  }

  private Weather weather(Duration roundTrip, int loss) {
    return new Weather(roundTrip, loss / 100.0, reordering / 100.0, rate * 1_000_000L);
  }

  private String sharing(Link link, Path folder) throws IOException {
    link.set(weather(SHARED_AT, SHARED_LOSS), seed);
    LinkedSharing.Times lossy = share(folder.resolve("lossy"), SHARED_MEBIBYTES << 20);
    link.set(weather(SHARED_AT, 0), seed);
    LinkedSharing.Times open = share(folder.resolve("open"), 1);
    far.rules(
        """
        table inet closed {
          chain input { type filter hook input priority filter; meta l4proto udp drop; }
        }
        """);
    LinkedSharing.Times closed = share(folder.resolve("closed"), 1);
    return """
        `warren share` of %d MiB, %d ms and %d %% loss: received in %s after %s (%s).
        From the start of `warren receive` to the connection, %d ms and no loss: %s (%s); where no
        UDP gets through, %s (%s).
        """
        .formatted(
            SHARED_MEBIBYTES,
            SHARED_AT.toMillis(),
            SHARED_LOSS,
            text(lossy.whole()),
            text(lossy.connected()),
            lossy.path(),
            SHARED_AT.toMillis(),
            text(open.connected()),
            open.path(),
            text(closed.connected()),
            closed.path());
  }

  private LinkedSharing.Times share(Path folder, int bytes) throws IOException {
    return new LinkedSharing(folder, far, near).run(bytes);
  }

  private static String text(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1e3);
  }
}
