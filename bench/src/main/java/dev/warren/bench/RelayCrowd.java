package dev.warren.bench;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Thousands of peers of one relay. {@code reserve N} takes a place for each of so many, {@code
 * circuits N} has so many others dial one of them each, {@code echo BYTES} sends so many on all
 * circuits at once and waits until they are back. Answers are how many, and for the echo also
 * seconds in all, and milliseconds of the median and of the 99th of a hundred.
 */
final class RelayCrowd {
  private static final String ECHO = "/warren-bench/echo/1.0.0";
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int DIALS_AT_ONCE = 32;

  private final Multiaddr relay;
  private final List<Host> hidden = new ArrayList<>();
  private final List<RelayClient> places = new ArrayList<>();
  private final List<Connection> circuits = new ArrayList<>();

  private RelayCrowd(Multiaddr relay) {
    this.relay = relay;
  }

  public static void main(String[] args) throws Exception {
    var crowd = new RelayCrowd(Multiaddr.parse(args[0]));
    System.out.println("ready");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = lines.readLine()) != null) {
      String[] words = line.split(" ", -1);
      int number = Integer.parseInt(words[1]);
      System.out.println(
          switch (words[0]) {
            case "reserve" -> crowd.reserve(number);
            case "circuits" -> crowd.open(number);
            case "echo" -> crowd.echo(number);
            default -> throw new IllegalArgumentException(line);
          });
    }
  }

  /** What is done for each of many, some at a time. */
  @FunctionalInterface
  private interface Deed<T> {
    T of(int number) throws IOException;
  }

  private static <T> List<T> forEach(int count, int atOnce, Deed<T> deed)
      throws InterruptedException, ExecutionException {
    var permits = new Semaphore(atOnce);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var begun = new ArrayList<Future<T>>();
      for (int i = 0; i < count; i++) {
        int number = i;
        permits.acquire();
        begun.add(
            executor.submit(
                () -> {
                  try {
                    return deed.of(number);
                  } finally {
                    permits.release();
                  }
                }));
      }
      var done = new ArrayList<T>();
      for (Future<T> each : begun) {
        done.add(each.get());
      }
      return done;
    }
  }

  private String reserve(int count) throws IOException, InterruptedException, ExecutionException {
    for (int i = 0; i < count; i++) {
      Host host = Host.builder().handle(ECHO, RelayCrowd::answer).start();
      hidden.add(host);
      places.add(RelayClient.attach(host));
    }
    forEach(
        count, DIALS_AT_ONCE, i -> places.get(i).reserve(hidden.get(i).dial(relay).remotePeer()));
    return held();
  }

  private String held() {
    return Long.toString(places.stream().filter(client -> !client.places().isEmpty()).count());
  }

  private String open(int count) throws InterruptedException, ExecutionException {
    circuits.addAll(
        forEach(
            count,
            DIALS_AT_ONCE,
            i -> {
              Host caller = Host.builder().start();
              RelayClient _ = RelayClient.attach(caller);
              return caller.dial(
                  places.get(i).addresses().getFirst().withPeer(hidden.get(i).peerId().toString()));
            }));
    return Long.toString(circuits.stream().filter(Connection::isOpen).count());
  }

  private String echo(int bytes) throws InterruptedException, ExecutionException {
    long begin = System.nanoTime();
    double[] millis =
        forEach(circuits.size(), circuits.size(), i -> echo(circuits.get(i), bytes)).stream()
            .flatMapToDouble(OptionalDouble::stream)
            .sorted()
            .toArray();
    return String.format(
        Locale.ROOT,
        "%d %.3f %.1f %.1f",
        millis.length,
        (System.nanoTime() - begin) / 1e9,
        percentile(millis, 50),
        percentile(millis, 99));
  }

  private static double percentile(double[] sorted, int percent) {
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length * percent / 100];
  }

  /** The milliseconds that it took; none if the circuit was cut. */
  private static OptionalDouble echo(Connection circuit, int bytes) {
    long begin = System.nanoTime();
    byte[] sent = new byte[bytes];
    Arrays.fill(sent, (byte) 7);
    try (Stream stream = circuit.open(ECHO)) {
      stream.write(sent);
      stream.closeWrite();
      if (!Arrays.equals(stream.input().readAllBytes(), sent)) {
        throw new IOException("something else came back");
      }
      return OptionalDouble.of((System.nanoTime() - begin) / 1e6);
    } catch (IOException e) {
      System.err.println("a circuit was cut: " + e.getMessage());
      return OptionalDouble.empty();
    }
  }

  private static void answer(Stream stream) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    int n;
    while ((n = stream.read(block, 0, block.length)) >= 0) {
      stream.write(block, 0, n);
    }
    stream.closeWrite();
  }
}
