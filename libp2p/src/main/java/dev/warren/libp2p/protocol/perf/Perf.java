package dev.warren.libp2p.protocol.perf;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Moves bytes that mean nothing, to measure how fast that goes. */
public final class Perf {
  public static final String PROTOCOL = "/perf/1.0.0";

  private static final int BLOCK_BYTES = 256 * 1024;

  /**
   * What one run took.
   *
   * @param upload from the first byte until the peer has taken the last
   * @param download from the peer's first byte to its last
   */
  public record Result(long uploadBytes, Duration upload, long downloadBytes, Duration download) {}

  private Perf() {}

  /** Lets others measure. A public node may not want this: it sends whatever it is asked for. */
  public static void serve(Host host) {
    host.handle(PROTOCOL, Perf::answer);
  }

  private static void answer(Stream stream) throws IOException {
    byte[] wanted = new byte[Long.BYTES];
    stream.readFully(wanted, 0, wanted.length);
    byte[] block = new byte[BLOCK_BYTES];
    while (stream.read(block, 0, block.length) >= 0) {
      // The upload ends when the peer has closed its side.
    }
    send(stream, ByteBuffer.wrap(wanted).getLong(), block, _ -> {});
    stream.closeWrite();
  }

  /**
   * Uploads, then downloads.
   *
   * @param progress is told each number of bytes that was moved
   */
  public static Result run(
      Connection connection,
      TimeSource time,
      long uploadBytes,
      long downloadBytes,
      LongConsumer progress)
      throws IOException {
    Stream stream = connection.open(PROTOCOL);
    try {
      stream.awaitAgreement();
      byte[] block = new byte[BLOCK_BYTES];
      long start = time.nanoTime();
      stream.write(ByteBuffer.allocate(Long.BYTES).putLong(downloadBytes).array());
      send(stream, uploadBytes, block, progress);
      stream.closeWrite();
      // The peer answers, or ends the stream, only when it has taken everything.
      int n = stream.read(block, 0, block.length);
      long uploaded = time.nanoTime();
      long received = 0;
      while (n >= 0) {
        received += n;
        progress.accept(n);
        n = stream.read(block, 0, block.length);
      }
      if (received != downloadBytes) {
        throw new IOException(
            "the peer sent " + received + " bytes where it was asked for " + downloadBytes);
      }
      return new Result(
          uploadBytes,
          Duration.ofNanos(uploaded - start),
          downloadBytes,
          Duration.ofNanos(time.nanoTime() - uploaded));
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    } finally {
      stream.close();
    }
  }

  private static void send(Stream stream, long bytes, byte[] block, LongConsumer progress)
      throws IOException {
    long left = bytes;
    while (left != 0) { // the count is unsigned
      int n = Long.compareUnsigned(left, block.length) < 0 ? (int) left : block.length;
      stream.write(block, 0, n);
      progress.accept(n);
      left -= n;
    }
  }
}
