package dev.warren.bench;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * One end of many idle connections: a host that listens, or many hosts that dial it, each with an
 * identity of its own, since two hosts keep only one connection between them.
 *
 * <p>Answers {@code connect} with the number of connections once both ends know each other, and
 * {@code heap} with the bytes that are in use after a collection.
 */
final class IdleNode {
  private static final int DIALS_AT_ONCE = 32;

  /** Connections that come and go before the counted ones, so that code is loaded and compiled. */
  private static final int WARM_UP = 500;

  private IdleNode() {}

  /** With a number listens and expects so many; with an address too dials that. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    if (args.length == 1) {
      listen(count);
    } else {
      dial(count, Multiaddr.parse(args[1]));
    }
  }

  private static void listen(int count) throws Exception {
    var identified = new CountDownLatch(WARM_UP + count);
    try (Host host =
        Host.builder()
            .limits(Limits.defaults().withConnections(WARM_UP + count))
            .listener(counting(identified))
            .listen("/ip4/127.0.0.1/tcp/0")
            .start()) {
      System.out.println(host.addressesWithPeer().getFirst());
      serve(
          () -> {
            identified.await();
            return host.connections().size();
          });
    }
  }

  private static void dial(int count, Multiaddr address) throws Exception {
    warmUp(address);
    var identified = new CountDownLatch(count);
    List<Host> hosts = hosts(count, identified);
    System.out.println("ready");
    serve(
        () -> {
          if (identified.getCount() > 0) {
            dialAll(hosts, address);
            identified.await();
          }
          return hosts.stream().mapToInt(host -> host.connections().size()).sum();
        });
  }

  private static void warmUp(Multiaddr address) throws Exception {
    var identified = new CountDownLatch(WARM_UP);
    List<Host> hosts = hosts(WARM_UP, identified);
    dialAll(hosts, address);
    identified.await();
    hosts.forEach(Host::close);
  }

  private static List<Host> hosts(int count, CountDownLatch identified) throws IOException {
    var hosts = new ArrayList<Host>(count);
    for (int i = 0; i < count; i++) {
      hosts.add(Host.builder().listener(counting(identified)).start());
    }
    return hosts;
  }

  private static void dialAll(List<Host> hosts, Multiaddr address)
      throws InterruptedException, ExecutionException {
    var permits = new Semaphore(DIALS_AT_ONCE);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var dials = new ArrayList<Future<Connection>>();
      for (Host host : hosts) {
        permits.acquire();
        dials.add(
            executor.submit(
                () -> {
                  try {
                    return host.dial(address);
                  } finally {
                    permits.release();
                  }
                }));
      }
      for (Future<Connection> dial : dials) {
        dial.get();
      }
    }
  }

  private static HostListener counting(CountDownLatch identified) {
    return new HostListener() {
      @Override
      public void identified(PeerId peer, PeerInfo info) {
        identified.countDown();
      }
    };
  }

  /** Establishes the connections, or waits for them, and counts them. */
  @FunctionalInterface
  private interface Connecting {
    int connect() throws Exception;
  }

  private static void serve(Connecting connecting) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = lines.readLine()) != null) {
      switch (line) {
        case "connect" -> System.out.println(connecting.connect());
        case "heap" -> System.out.println(heapAfterCollection());
        default -> throw new UncheckedIOException(new IOException("unknown command " + line));
      }
    }
  }

  /** The bytes of live objects; the second collection takes what the first one has let go of. */
  static long heapAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
