package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a stream unless it is closed in time. A time-out of each read would not do: who sends a byte
 * now and then would never meet it. For one thread.
 */
final class Deadline implements AutoCloseable {
  private final TimeSource time;
  private final Stream stream;
  private final AtomicBoolean passed = new AtomicBoolean();
  private TimeSource.Scheduled scheduled = () -> {};

  Deadline(TimeSource time, Stream stream) {
    this.time = time;
    this.stream = stream;
  }

  /** Sets it anew, from now. */
  void set(Duration within) {
    scheduled.cancel();
    scheduled =
        time.after(
            within,
            () -> {
              passed.set(true);
              stream.reset(0);
            });
  }

  /** Whether it has ended the stream. */
  boolean passed() {
    return passed.get();
  }

  @Override
  public void close() {
    scheduled.cancel();
  }
}
