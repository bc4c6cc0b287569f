package dev.warren.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What idle connections take. */
@Command(
    name = "memory",
    description = {
      "The memory of idle connections between two processes.",
      "One host listens, and as many hosts as connections dial it. Needs as many file descriptors"
          + " in each process, and some more."
    },
    mixinStandardHelpOptions = true)
final class ConnectionMemory implements Callable<Integer> {
  private static final int OTHER_DESCRIPTORS = 100;

  @Option(
      names = "--connections",
      defaultValue = "5000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--idle-seconds",
      defaultValue = "100",
      description =
          "How long they are left alone before they count as idle: buffers are let go of at the"
              + " second sweep, and the last ones with the next keepalive (default:"
              + " ${DEFAULT-VALUE}).")
  private int idleSeconds;

  @Mixin private final Report report = new Report();

  private record Footprint(long heapBytes, long residentBytes) {
    static Footprint of(JvmProcess process) throws IOException {
      return new Footprint(
          Long.parseLong(process.ask("heap")), ProcessMeter.residentBytes(process.pid()));
    }
  }

  @Override
  public Integer call() throws IOException {
    requireDescriptors();
    String count = Integer.toString(connections);
    try (JvmProcess listener = JvmProcess.start(IdleNode.class, count)) {
      String address = listener.answer();
      try (JvmProcess dialers = JvmProcess.start(IdleNode.class, count, address)) {
        dialers.answer();
        Footprint listenerBefore = Footprint.of(listener);
        Footprint dialersBefore = Footprint.of(dialers);
        connect(dialers, listener);
        Footprint listenerFresh = Footprint.of(listener);
        Footprint dialersFresh = Footprint.of(dialers);
        pause(Duration.ofSeconds(idleSeconds));
        connect(listener); // none may have been lost
        var table =
            new MarkdownTable("KiB per connection", "heap after GC", "resident memory")
                .row(row("listener, just connected", listenerBefore, listenerFresh))
                .row(row("dialers, just connected", dialersBefore, dialersFresh))
                .row(row("listener, idle", listenerBefore, Footprint.of(listener)))
                .row(row("dialers, idle", dialersBefore, Footprint.of(dialers)));
        report.publish(
            "Java %s, %,d connections. Target: ≤ 64 KiB.\n\n"
                    .formatted(Runtime.version(), connections)
                + table);
        return 0;
      }
    }
  }

  private void connect(JvmProcess... ends) throws IOException {
    for (JvmProcess end : ends) {
      String established = end.ask("connect");
      if (!established.equals(Integer.toString(connections))) {
        throw new IOException("only " + established + " connections are open");
      }
    }
  }

  private String[] row(String name, Footprint before, Footprint after) {
    return new String[] {
      name,
      perConnection(after.heapBytes - before.heapBytes),
      perConnection(after.residentBytes - before.residentBytes)
    };
  }

  private String perConnection(long bytes) {
    return "%.1f".formatted(bytes / 1024.0 / connections);
  }

  private void requireDescriptors() throws IOException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < connections + OTHER_DESCRIPTORS) {
      throw new IOException(
          "this needs %,d file descriptors, but the limit is %,d: raise it with ulimit -n"
              .formatted(connections + OTHER_DESCRIPTORS, system.getMaxFileDescriptorCount()));
    }
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left; (left = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }
}
