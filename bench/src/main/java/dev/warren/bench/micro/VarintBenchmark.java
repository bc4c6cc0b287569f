package dev.warren.bench.micro;

import dev.warren.libp2p.multiformats.Varint;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Varints of one, three and nine bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class VarintBenchmark {
  @Param({"100", "65536", "9223372036854775807"})
  private long value;

  private final byte[] bytes = new byte[Varint.MAX_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

  @Setup
  public void encode() {
    Varint.write(value, bytes, 0);
  }

  @Benchmark
  public int write() {
    return Varint.write(value, bytes, 0);
  }

  @Benchmark
  public long read() {
    return Varint.read(buffer.clear());
  }
}
