package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * Two streams joined in the middle: what comes from either goes to the other, until both have ended
 * or the limit is used up.
 */
final class Circuit {
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Stream first;
  private final Stream second;
  private final CircuitLimit limit;
  private final TimeSource time;
  private final LongConsumer relayed;

  /**
   * @param relayed is told each number of bytes before it is passed on
   */
  Circuit(Stream first, Stream second, CircuitLimit limit, TimeSource time, LongConsumer relayed) {
    this.first = first;
    this.second = second;
    this.limit = limit;
    this.time = time;
    this.relayed = relayed;
  }

  /** Passes on, until it ends. */
  void run() {
    try (var _ =
        limit.duration().isZero()
            ? (TimeSource.Scheduled) () -> {}
            : time.after(limit.duration(), this::cut)) {
      Thread back = Thread.ofVirtual().name("libp2p-circuit").start(() -> pass(second, first));
      pass(first, second);
      back.join();
    } catch (InterruptedException e) {
      cut();
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Stream from, Stream to) {
    long left = limit.bytes() == 0 ? Long.MAX_VALUE : limit.bytes();
    byte[] block = new byte[(int) Math.min(BLOCK_BYTES, left)];
    try {
      int n;
      while ((n = from.read(block, 0, block.length)) >= 0) {
        if (n > left) { // "If more data than the limit specified … should reset"
          cut();
          return;
        }
        left -= n;
        relayed.accept(n);
        to.write(block, 0, n);
      }
      to.closeWrite();
    } catch (IOException e) {
      cut();
    }
  }

  private void cut() {
    first.reset(0);
    second.reset(0);
  }
}
