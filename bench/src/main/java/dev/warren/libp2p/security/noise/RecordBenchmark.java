package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.transport.Duplex;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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

/** Noise records without a network: encrypted only, and encrypted and decrypted again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RecordBenchmark {
  private static final byte[] KEY = new byte[32];
  private static final byte[] NO_HEAD = {};

  @Param({"1024", "65519"})
  private int bytes;

  private final byte[] plaintext = new byte[Records.MAX_PLAINTEXT_BYTES];
  private final byte[] decrypted = new byte[Records.MAX_PLAINTEXT_BYTES];
  private final Loop loop = new Loop();
  private final RecordWriter toNowhere = new RecordWriter(new Loop(), new CipherState(KEY));
  private final RecordWriter writer = new RecordWriter(loop, new CipherState(KEY));
  private final RecordReader reader = new RecordReader(loop, new CipherState(KEY));

  @Benchmark
  public void encrypt() throws IOException {
    toNowhere.write(NO_HEAD, 0, plaintext, 0, bytes);
  }

  @Benchmark
  public int encryptAndDecrypt() throws IOException {
    writer.write(NO_HEAD, 0, plaintext, 0, bytes);
    int done = 0;
    while (done < bytes) {
      done += reader.read(decrypted, done, bytes - done);
    }
    return done;
  }

  /** Gives back what was last written to it. */
  private static final class Loop implements Duplex {
    private byte[] last = {};
    private int start;
    private int end;

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int n = Math.min(length, end - start);
      System.arraycopy(last, start, buffer, offset, n);
      start += n;
      return n;
    }

    @Override
    public int available() {
      return end - start;
    }

    /** Keeps the array itself, which the writer leaves alone until the next write. */
    @Override
    public void write(byte[] buffer, int offset, int length) {
      last = buffer;
      start = offset;
      end = offset + length;
    }

    @Override
    public void closeWrite() {}

    @Override
    public void close() {}
  }
}
