package dev.warren.bench.micro;

import dev.warren.libp2p.multiformats.Multiaddr;
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

/** Addresses between their text, their bytes and the value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MultiaddrBenchmark {
  @Param({
    "/ip4/203.0.113.7/tcp/4001",
    "/ip6/2001:db8::7/udp/4001/quic-v1/p2p/12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X"
  })
  private String text = "";

  private Multiaddr address = Multiaddr.EMPTY;
  private byte[] bytes = {};

  @Setup
  public void encode() {
    address = Multiaddr.parse(text);
    bytes = address.toBytes();
  }

  @Benchmark
  public Multiaddr parse() {
    return Multiaddr.parse(text);
  }

  @Benchmark
  public String format() {
    return address.toString();
  }

  @Benchmark
  public Multiaddr fromBytes() {
    return Multiaddr.fromBytes(bytes);
  }
}
