package dev.warren.bench;

import dev.warren.interop.Implementation;
import dev.warren.interop.PeerProcess;
import dev.warren.interop.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many round trips it takes to connect and get a first byte back. */
@Command(
    name = "connect",
    description = "Round trips from nothing to one byte echoed, through a relay that delays.",
    mixinStandardHelpOptions = true)
final class ConnectLatency implements Callable<Integer> {
  @Option(
      names = "--one-way-millis",
      defaultValue = "25",
      description = "The delay of each direction (default: ${DEFAULT-VALUE}).")
  private int oneWayMillis;

  @Option(
      names = "--warm-up",
      defaultValue = "200",
      description = "Connections of each pair before, without delay (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "go,rust",
      description = "The implementations to compare with (default: ${DEFAULT-VALUE}).")
  private Set<Implementation> others = Set.of();

  @Mixin private final Over over = new Over();
  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Report report = new Report();

  /** The times of the two steps, in round trips. */
  private record Taken(double dial, double echo) {
    double sum() {
      return dial + echo;
    }

    @Override
    public String toString() {
      return "%.2f + %.2f round trips".formatted(dial, echo);
    }
  }

  /** Something that connects, has one byte echoed and disconnects. */
  @FunctionalInterface
  private interface Visit {
    Taken at(int port) throws IOException;
  }

  private record Subject(String name, int listenerPort, Visit visit) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Override
  public Integer call() throws IOException {
    var all = EnumSet.of(Implementation.WARREN);
    all.addAll(others);
    try (Peers peers = Peers.start(all, over.transport());
        BareEcho bare = BareEcho.start()) {
      var subjects = new ArrayList<Subject>();
      if (over.transport() == Transport.TCP) {
        subjects.add(new Subject("bare socket", bare.port(), this::visitBare));
      }
      all.forEach(each -> subjects.add(subject(peers.pair(each, each))));
      for (Implementation other : others) {
        subjects.add(subject(peers.pair(Implementation.WARREN, other)));
        subjects.add(subject(peers.pair(other, Implementation.WARREN)));
      }
      for (Subject subject : subjects) {
        for (int i = 0; i < warmUp; i++) {
          subject.visit.at(subject.listenerPort);
        }
      }
      Map<Subject, List<Taken>> results = Rounds.run(repetition.rounds(), subjects, this::measure);
      var table = new MarkdownTable("dialer → listener", "dial", "first echo", "together (range)");
      results.forEach(
          (subject, taken) ->
              table.row(
                  subject.name,
                  "%.2f".formatted(Summary.of(taken, Taken::dial).median()),
                  "%.2f".formatted(Summary.of(taken, Taken::echo).median()),
                  Summary.of(taken, Taken::sum).text("%.2f")));
      report.publish(
          over.section("connect"),
          peers.versions()
              + "\n\nIn round trips of %d ms. Target: %d for warren → warren.\n\n"
                  .formatted(2 * oneWayMillis, over.transport() == Transport.TCP ? 3 : 2)
              + table);
      return 0;
    }
  }

  private Taken measure(Subject subject) throws IOException {
    try (DelayRelay relay =
        DelayRelay.start(over.transport(), subject.listenerPort, Duration.ofMillis(oneWayMillis))) {
      Taken taken = subject.visit.at(relay.port());
      // Peers tell each other where they listen, and a dialer may know a way around the relay.
      if (taken.echo < 1) {
        throw new IOException(subject + " went around the relay: " + taken);
      }
      return taken;
    }
  }

  private Subject subject(PeerPair pair) {
    PeerProcess dialer = pair.dialer();
    String id = pair.listener().id();
    // /ip4/127.0.0.1/tcp/PORT/p2p/ID or /ip4/127.0.0.1/udp/PORT/quic-v1/p2p/ID
    String[] address = pair.listener().address().split("/", -1);
    return new Subject(
        pair.name(),
        Integer.parseInt(address[4]),
        port -> {
          address[4] = Integer.toString(port);
          long start = System.nanoTime();
          dialer.call("dial", "addr", String.join("/", address));
          long connected = System.nanoTime();
          dialer.call("echo", "peer", id, "bytes", 1);
          long echoed = System.nanoTime();
          dialer.call("disconnect", "peer", id);
          return taken(start, connected, echoed);
        });
  }

  private Taken visitBare(int port) throws IOException {
    long start = System.nanoTime();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      long connected = System.nanoTime();
      socket.getOutputStream().write(1);
      if (socket.getInputStream().read() != 1) {
        throw new IOException("the bare socket has no echo");
      }
      return taken(start, connected, System.nanoTime());
    }
  }

  private Taken taken(long start, long connected, long echoed) {
    return new Taken(roundTrips(connected - start), roundTrips(echoed - connected));
  }

  private double roundTrips(long nanos) {
    return nanos / (2e6 * oneWayMillis);
  }
}
