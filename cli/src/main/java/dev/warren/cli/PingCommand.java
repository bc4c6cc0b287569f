package dev.warren.cli;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.negotiate.NegotiationException;
import dev.warren.libp2p.protocol.ping.Ping;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a peer again and again whether it is there. */
@Command(
    name = "ping",
    description = {
      "Measure the round trip to a peer, until -c is reached or Ctrl-C.",
      "",
      "The connection is made with a key for this one occasion; with --data-dir it is made as the"
          + " node of that directory."
    },
    footer = {
      "",
      "Examples:",
      "  warren ping -c 3 /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...",
      "  warren ping -i 200ms /dns4/relay.example.org/tcp/4001",
      "",
      "Exit codes: 0 answered, 3 not reached or no answer, 4 the peer at the address",
      "is another than the one named or does not answer pings, 5 an answer was wrong,",
      "130 stopped by Ctrl-C."
    })
final class PingCommand implements Callable<Integer> {
  @Mixin private final NodeOptions node = new NodeOptions();

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "Stop after so many pings. Default: go on until Ctrl-C.")
  private Optional<Long> count = Optional.empty();

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      defaultValue = "1",
      description = "Time from one ping to the next, in seconds or as in 200ms. Default: 1.")
  private Duration interval = Duration.ofSeconds(1);

  @Parameters(
      paramLabel = "MULTIADDR",
      description =
          "The peer, as it prints itself: /ip4/.../tcp/.../p2p/ID. Without /p2p/ID any"
              + " peer at the address will do.")
  private Multiaddr target = Multiaddr.EMPTY;

  @Spec private @Nullable CommandSpec spec;

  private final Session session;
  private final PingStatistics statistics = new PingStatistics();

  PingCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    long pings = count.orElse(Long.MAX_VALUE);
    if (pings < 1 && spec != null) {
      throw new ParameterException(spec.commandLine(), "The count must be at least 1");
    }
    try (var visit = new Visit(session, node, target)) {
      Connection connection = visit.connection();
      String peer = connection.remotePeer().toString();
      announce(connection);
      try {
        series(visit, pings);
      } finally {
        session.console().say(() -> statistics.text(peer), () -> statistics.json(peer));
      }
    }
    if (session.interruption().requested()) {
      return ExitCode.INTERRUPTED.number();
    }
    if (statistics.received() == 0) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE, "The peer answered no ping.", "Try again; -v shows more.");
    }
    return ExitCode.DONE.number();
  }

  private void series(Visit visit, long pings) throws IOException, CommandFailure {
    @Nullable Ping open = null;
    for (long sequence = 1; sequence <= pings; sequence++) {
      long start = session.time().nanoTime();
      try {
        if (open == null) {
          open = new Ping(visit.host(), visit.connection());
          // The first exchange on a stream settles the protocol as well: it would not compare.
          open.measure();
        }
        answered(sequence, open.measure());
      } catch (NegotiationException e) {
        throw e; // no further ping would fare better
      } catch (IOException e) {
        if (session.interruption().requested()) {
          return;
        }
        lost(sequence, e);
        open = null;
      }
      Duration passed = Duration.ofNanos(session.time().nanoTime() - start);
      if (sequence < pings && session.interruption().within(interval.minus(passed))) {
        return;
      }
    }
  }

  private void announce(Connection connection) {
    session
        .console()
        .say(
            () -> "PING " + connection.remotePeer() + " at " + connection.remoteAddress(),
            () ->
                JsonObject.event("connected")
                    .with("peer", connection.remotePeer().toString())
                    .with("address", connection.remoteAddress().toString()));
  }

  private void answered(long sequence, Duration roundTrip) {
    statistics.answered(roundTrip);
    double millis = roundTrip.toNanos() / 1e6;
    session
        .console()
        .say(
            () -> String.format(Locale.ROOT, "seq=%d time=%.3f ms", sequence, millis),
            () -> JsonObject.event("ping").with("seq", sequence).with("rtt_ms", millis));
  }

  private void lost(long sequence, IOException failure) {
    statistics.lost();
    String reason = Failures.explain(failure).sentence();
    session
        .console()
        .say(
            () -> "seq=" + sequence + " lost: " + reason,
            () -> JsonObject.event("lost").with("seq", sequence).with("reason", reason));
  }
}
