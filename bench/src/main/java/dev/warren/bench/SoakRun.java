package dev.warren.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that keep a host busy with connections and streams that end in every way, and a count of
 * what is left when all of it is over.
 *
 * <p>A short run before the counted one loads the code and fills what is bounded and stays, such as
 * what the host knows of its peers.
 */
final class SoakRun implements AutoCloseable {
  private static final int WORKERS = 16;
  private static final int STALLS_AT_ONCE = 16;
  private static final int MAX_PAYLOAD_BYTES = 64 << 10;
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(60);
  private static final long SETTLE_POLL_NANOS = 250_000_000;

  /** What is done to the host. */
  enum Action {
    CONNECT,
    ECHO,
    RESET,
    BE_RESET,
    ABANDON,
    DISCONNECT,
    CUT,
    STALL
  }

  /** The actions that are drawn from when a client is connected, the frequent ones repeatedly. */
  private static final List<Action> MIX =
      List.of(
          Action.ECHO,
          Action.ECHO,
          Action.ECHO,
          Action.ECHO,
          Action.RESET,
          Action.BE_RESET,
          Action.ABANDON,
          Action.DISCONNECT,
          Action.CUT,
          Action.STALL);

  /** What the host held before and after, and what was done to it in between. */
  record Outcome(Census before, Census after, Map<Action, Long> done) {}

  private final SoakTarget target;
  private final List<SoakClient> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<SoakClient> free = new ConcurrentLinkedQueue<>();
  private final Map<Action, LongAdder> done = new EnumMap<>(Action.class);
  private final Semaphore stalls = new Semaphore(STALLS_AT_ONCE);

  SoakRun(int connections) throws IOException {
    target = new SoakTarget(connections);
    for (int i = 0; i < connections; i++) {
      clients.add(new SoakClient(target.address()));
    }
    for (Action action : Action.values()) {
      done.put(action, new LongAdder());
    }
  }

  /** Soaks the host; fails when something does not end as it should. */
  Outcome run(Duration warmUp, Duration duration, Census.Tolerance tolerance)
      throws IOException, InterruptedException {
    churn(warmUp);
    Census before = settled();
    done.values().forEach(LongAdder::reset);
    churn(duration);
    Census after = settled();
    long deadline = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
    while (!after.isWithin(before, tolerance) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(SETTLE_POLL_NANOS);
      after = Census.take();
    }
    var counts = new EnumMap<Action, Long>(Action.class);
    done.forEach((action, count) -> counts.put(action, count.sum()));
    return new Outcome(before, after, counts);
  }

  @Override
  public void close() {
    clients.forEach(SoakClient::close);
    target.close();
  }

  /** Connects all clients, keeps them busy and disconnects them. */
  private void churn(Duration duration) throws IOException, InterruptedException {
    free.clear();
    free.addAll(clients);
    each(
        client -> {
          client.connect();
          count(Action.CONNECT);
        });
    free.addAll(clients);
    long end = System.nanoTime() + duration.toNanos();
    inParallel(seed -> actUntil(end, new SplittableRandom(seed)));
    free.clear();
    free.addAll(clients);
    each(
        client -> {
          if (client.isConnected()) {
            client.disconnect();
          }
        });
    stalls.acquire(STALLS_AT_ONCE);
    stalls.release(STALLS_AT_ONCE);
  }

  private void actUntil(long end, SplittableRandom random) throws IOException {
    while (System.nanoTime() < end) {
      SoakClient client = free.remove();
      act(client, random);
      free.add(client);
    }
  }

  private void act(SoakClient client, SplittableRandom random) throws IOException {
    Action action = client.isConnected() ? MIX.get(random.nextInt(MIX.size())) : Action.CONNECT;
    byte[] payload = new byte[random.nextInt(1, MAX_PAYLOAD_BYTES)];
    random.nextBytes(payload);
    switch (action) {
      case CONNECT -> client.connect();
      case ECHO -> client.echo(payload);
      case RESET -> client.reset(payload);
      case BE_RESET -> client.beReset();
      case ABANDON -> client.abandon(payload);
      case DISCONNECT -> client.disconnect();
      case CUT -> client.cut();
      case STALL -> {
        if (!stalls.tryAcquire()) {
          return;
        }
        Thread.ofVirtual().name("bench-stall").start(this::stall);
      }
    }
    count(action);
  }

  private void stall() {
    try {
      target.stall();
    } catch (IOException e) {
      // Reset by the host, which is as good an end as any.
    } finally {
      stalls.release();
    }
  }

  private void count(Action action) {
    done.get(action).increment();
  }

  /** Work that several threads do at the same time. */
  @FunctionalInterface
  private interface Work {
    void run(long seed) throws IOException;
  }

  /** Something to do to a client. */
  @FunctionalInterface
  private interface Step {
    void take(SoakClient client) throws IOException;
  }

  private void each(Step step) throws IOException, InterruptedException {
    inParallel(
        _ -> {
          for (SoakClient client; (client = free.poll()) != null; ) {
            step.take(client);
          }
        });
  }

  private static void inParallel(Work work) throws IOException, InterruptedException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var workers = new ArrayList<Future<?>>();
      for (int i = 0; i < WORKERS; i++) {
        long seed = i;
        workers.add(
            executor.submit(
                () -> {
                  work.run(seed);
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a client met what it should not: " + e.getCause(), e.getCause());
    }
  }

  /** Waits until the host has heard of the end of every connection, and counts. */
  private Census settled() throws IOException {
    long deadline = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
    while (target.connectionCount() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException(target.connectionCount() + " connections did not end");
      }
      LockSupport.parkNanos(SETTLE_POLL_NANOS);
    }
    return Census.take();
  }
}
