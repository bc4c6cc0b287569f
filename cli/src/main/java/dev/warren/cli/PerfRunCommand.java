package dev.warren.cli;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.protocol.perf.Perf;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures against a peer that serves measurements. */
@Command(
    name = "run",
    description = {
      "Measure how fast bytes reach a peer and come back from it.",
      "",
      "First the upload, then the download, each over all of the streams at once."
    },
    footer = {
      "",
      "Examples:",
      "  warren perf run /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...",
      "  warren perf run --download 2GiB --streams 8 MULTIADDR",
      "",
      "Exit codes: 0 measured, 1 broken off, 3 not reached, 4 the peer at the address is",
      "another than the one named or does not serve measurements, 130 stopped by Ctrl-C."
    })
final class PerfRunCommand implements Callable<Integer> {
  private static final ByteSize DEFAULT_SIZE = new ByteSize(100L << 20);
  private static final ByteSize NOTHING = new ByteSize(0);
  private static final int MAX_STREAMS = 1024;

  private enum Phase {
    UPLOAD,
    DOWNLOAD;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private final NodeOptions node = new NodeOptions();

  @Option(
      names = "--upload",
      paramLabel = "SIZE",
      description =
          "How much to send, as in 64KiB, 500MB or 1GiB. Default: 100MiB, or nothing"
              + " when only --download is given.")
  private Optional<ByteSize> upload = Optional.empty();

  @Option(
      names = "--download",
      paramLabel = "SIZE",
      description = "How much to receive. Default: 100MiB, or nothing when only --upload is given.")
  private Optional<ByteSize> download = Optional.empty();

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "1",
      description = "Parallel streams of the one connection that share the bytes. Default: 1.")
  private int streams = 1;

  @Parameters(
      paramLabel = "MULTIADDR",
      description = "The peer, as 'warren perf serve' prints itself.")
  private Multiaddr target = Multiaddr.EMPTY;

  @Spec private @Nullable CommandSpec spec;

  private final Session session;

  PerfRunCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    if ((streams < 1 || streams > MAX_STREAMS) && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "The number of streams must be between 1 and " + MAX_STREAMS);
    }
    ByteSize unsaid = upload.isEmpty() && download.isEmpty() ? DEFAULT_SIZE : NOTHING;
    try (var visit = new Visit(session, node, target)) {
      Connection connection = visit.connection();
      session
          .console()
          .say(
              () -> "PERF " + connection.remotePeer() + " at " + connection.remoteAddress(),
              () ->
                  JsonObject.event("connected")
                      .with("peer", connection.remotePeer().toString())
                      .with("address", connection.remoteAddress().toString()));
      measure(connection, Phase.UPLOAD, upload.orElse(unsaid).bytes());
      measure(connection, Phase.DOWNLOAD, download.orElse(unsaid).bytes());
      return ExitCode.DONE.number();
    }
  }

  private void measure(Connection connection, Phase phase, long bytes)
      throws IOException, CommandFailure {
    if (bytes == 0) {
      return;
    }
    long start = session.time().nanoTime();
    var progress = new Progress(session, phase.label(), bytes);
    try (progress) {
      moveAll(connection, phase, bytes, progress);
    } catch (IOException e) {
      if (session.interruption().requested()) {
        throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.", "", e);
      }
      throw e;
    } finally {
      report(phase, bytes, progress.bytes(), (session.time().nanoTime() - start) / 1e9);
    }
  }

  private void moveAll(Connection connection, Phase phase, long bytes, Progress progress)
      throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ExecutorCompletionService<Perf.Result>(threads);
      for (int i = 0; i < streams; i++) {
        long share = bytes / streams + (i < bytes % streams ? 1 : 0);
        long up = phase == Phase.UPLOAD ? share : 0;
        long down = phase == Phase.DOWNLOAD ? share : 0;
        running.submit(() -> Perf.run(connection, session.time(), up, down, progress::moved));
      }
      try {
        for (int i = 0; i < streams; i++) {
          running.take().get();
        }
      } catch (ExecutionException e) {
        connection.close(); // ends the other streams
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException e) {
        connection.close();
        throw new IOException("interrupted", e);
      }
    }
  }

  private void report(Phase phase, long wanted, long moved, double seconds) {
    double mebibytes = moved / seconds / (1 << 20);
    double gigabits = moved * 8 / seconds / 1e9;
    session
        .console()
        .say(
            () ->
                String.format(
                    Locale.ROOT,
                    "%-8s %s in %.2f s over %d %s: %.1f MiB/s, %.2f Gbit/s%s",
                    phase.label(),
                    ByteSize.format(moved),
                    seconds,
                    streams,
                    streams == 1 ? "stream" : "streams",
                    mebibytes,
                    gigabits,
                    moved == wanted ? "" : " (of " + ByteSize.format(wanted) + ")"),
            () ->
                JsonObject.event("result")
                    .with("phase", phase.label())
                    .with("bytes", moved)
                    .with("complete", moved == wanted)
                    .with("streams", streams)
                    .with("seconds", seconds)
                    .with("mib_per_second", mebibytes)
                    .with("gbit_per_second", gigabits));
  }
}
