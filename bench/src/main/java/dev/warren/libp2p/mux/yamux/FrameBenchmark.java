package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.transport.SecureChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Yamux frames without a network: headers alone, and whole frames written and read again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameBenchmark {
  private static final int STREAM_ID = 7;
  private static final int MAX_PAYLOAD_BYTES = 64 << 10;

  @Param({"32", "16384", "65507"})
  private int bytes;

  private final byte[] header = new byte[FrameHeader.BYTES];
  private final byte[] payload = new byte[MAX_PAYLOAD_BYTES];
  private final Loop loop = new Loop();
  private final FrameReader reader = new FrameReader(loop, () -> {});
  private final FrameWriter writer =
      new FrameWriter(
          loop,
          new ReentrantLock(),
          e -> {
            throw new AssertionError("the loop cannot fail", e);
          });

  @Benchmark
  public FrameHeader header() throws IOException {
    FrameHeader.encode(header, 0, FrameType.DATA, FrameHeader.SYN, STREAM_ID, bytes);
    return FrameHeader.decode(header, 0);
  }

  @Benchmark
  public int writeAndRead() throws IOException {
    writer.lock();
    try {
      writer.data(0, STREAM_ID, payload, 0, bytes);
    } finally {
      writer.unlock();
    }
    int left = (int) reader.header().orElseThrow().length();
    while (left > 0) {
      int n = reader.available(left);
      reader.skip(n);
      left -= n;
    }
    return left;
  }

  /** Gives back what was written to it. */
  private static final class Loop implements SecureChannel {
    private final byte[] buffer = new byte[FrameHeader.BYTES + MAX_PAYLOAD_BYTES];
    private final PublicKey key = PrivateKey.generate(KeyType.ED25519).publicKey();
    private int start;
    private int end;

    @Override
    public int read(byte[] target, int offset, int length) {
      int n = Math.min(length, end - start);
      System.arraycopy(buffer, start, target, offset, n);
      start += n;
      if (start == end) {
        start = 0;
        end = 0;
      }
      return n;
    }

    @Override
    public ByteBuffer receive() {
      ByteBuffer all = ByteBuffer.wrap(buffer, start, end - start);
      start = 0;
      end = 0;
      return all;
    }

    @Override
    public int available() {
      return end - start;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      System.arraycopy(source, offset, buffer, end, length);
      end += length;
    }

    @Override
    public void closeWrite() {}

    @Override
    public void close() {}

    @Override
    public PeerId remotePeer() {
      return PeerId.of(key);
    }

    @Override
    public PublicKey remoteKey() {
      return key;
    }

    @Override
    public Optional<String> earlyMuxer() {
      return Optional.empty();
    }
  }
}
