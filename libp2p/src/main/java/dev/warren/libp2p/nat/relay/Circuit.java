package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.SpareArrays;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two streams joined in the middle: what comes from either goes to the other, until both have ended
 * or the limit is used up.
 */
final class Circuit {
  private static final Logger log = LoggerFactory.getLogger(Circuit.class);

  /** What a yamux frame carries that fills a noise record: one system call for each block. */
  private static final int BLOCK_BYTES = 65_507;

  /**
   * 4 MiB. A direction has one while something passes: there may be thousands of quiet circuits.
   */
  private static final SpareArrays BLOCKS = new SpareArrays(BLOCK_BYTES, 64);

  private final Stream first;
  private final Stream second;
  private final CircuitLimit limit;
  private final TimeSource time;
  private final RelayPolicy.Meter meter;
  private final LongConsumer relayed;
  private final Silence silence;

  /**
   * @param meter what is asked before anything is passed on
   * @param relayed is told each number of bytes before it is passed on
   */
  Circuit(
      Stream first,
      Stream second,
      CircuitLimit limit,
      TimeSource time,
      RelayPolicy.Meter meter,
      LongConsumer relayed) {
    this.first = first;
    this.second = second;
    this.limit = limit;
    this.time = time;
    this.meter = meter;
    this.relayed = relayed;
    silence = new Silence(time, this::cut);
  }

  /** Passes on, until it ends. */
  void run() {
    silence.begin();
    try (meter;
        silence;
        var _ = end(limit.duration())) {
      Thread back = Thread.ofVirtual().name("libp2p-circuit").start(() -> pass(second, first));
      pass(first, second);
      back.join();
    } catch (InterruptedException e) {
      cut();
      Thread.currentThread().interrupt();
    }
  }

  private TimeSource.Scheduled end(Duration duration) {
    return duration.isZero() ? () -> {} : time.after(duration, this::cut);
  }

  private void pass(Stream from, Stream to) {
    long left = limit.bytes() == 0 ? Long.MAX_VALUE : limit.bytes();
    boolean ended = false;
    try {
      for (int n = 0; n >= 0; left -= n) {
        n = passBlock(from, to, left);
      }
      to.closeWrite();
      ended = true;
    } catch (IOException e) {
      log.debug("the circuit of {} and {} ends: {}", first, second, e.toString());
    } finally {
      if (!ended) { // a fault of ours ends it too: nobody would pass anything on any more
        cut();
      }
    }
  }

  /** Passes on what is there, once anything is; says how much it was, or -1 for the end. */
  private int passBlock(Stream from, Stream to, long left) throws IOException {
    from.awaitReadable();
    byte[] block = BLOCKS.take();
    try {
      int n = from.read(block, 0, block.length);
      if (n > left) { // "If more data than the limit specified … should reset"
        throw new IOException("more was sent than the limit allows");
      }
      if (n > 0) {
        meter.pass(n);
        relayed.accept(n);
        to.write(block, 0, n);
        silence.end();
      }
      return n;
    } finally {
      BLOCKS.giveBack(block);
    }
  }

  private void cut() {
    meter.close();
    first.reset(0);
    second.reset(0);
  }
}
