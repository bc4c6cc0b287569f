package dev.warren.cli.endtoend.lab;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A link between two computers that is slow and loses packets, since not every kernel has a
 * discipline for that ({@code netem}). The same seed loses the same packets by their number.
 */
final class Link implements AutoCloseable {
  private final Tun one;
  private final Tun other;
  private final Direction there;
  private final Direction back;

  private Link(Tun one, Tun other) {
    this.one = one;
    this.other = other;
    there = new Direction(one, other);
    back = new Direction(other, one);
  }

  /** Joins two namespaces, in which the interfaces are to be called {@code link}. */
  static Link join(
      NetworkNamespace one, String address, NetworkNamespace other, String otherAddress) {
    var link = new Link(Tun.make(one, "link", address), Tun.make(other, "link", otherAddress));
    link.there.start();
    link.back.start();
    return link;
  }

  /** What becomes of packets from now on. */
  void set(Weather weather, long seed) {
    there.fate = new Fate(weather, new Random(seed));
    back.fate = new Fate(weather, new Random(seed + 1));
  }

  @Override
  public void close() {
    there.close();
    back.close();
    one.close();
    other.close();
  }

  /** A packet, and when it comes out at the other end. */
  private static final class Travelling implements Comparable<Travelling> {
    private final byte[] packet;
    private final long dueNanos;
    private final long number;

    Travelling(byte[] packet, long dueNanos, long number) {
      this.packet = packet;
      this.dueNanos = dueNanos;
      this.number = number;
    }

    @Override
    public int compareTo(Travelling other) {
      return dueNanos == other.dueNanos
          ? Long.compare(number, other.number)
          : Long.signum(dueNanos - other.dueNanos);
    }
  }

  private record Fate(Weather weather, Random random) {}

  private static final class Direction {
    /** Enough for the fastest and longest link; a packet that finds it full is lost. */
    private static final long MAX_TRAVELLING_BYTES = 64 << 20;

    /** How long a packet may wait in front of the link, as in a router of modest size. */
    private static final long MAX_WAIT_NANOS = 100_000_000;

    /** Who wakes up for each packet does nothing else. */
    private static final long TICK_NANOS = 200_000;

    private final Tun from;
    private final Tun to;
    private volatile Fate fate = new Fate(Weather.of(Duration.ZERO, 0), new Random());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // Guarded by lock.
    private final PriorityQueue<Travelling> travelling = new PriorityQueue<>();
    private long travellingBytes;
    private boolean closed;

    // Of the thread that reads.
    private long number;
    private long freeNanos = System.nanoTime();

    Direction(Tun from, Tun to) {
      this.from = from;
      this.to = to;
    }

    void start() {
      // Of the system: a read of an interface holds its thread.
      Thread.ofPlatform().daemon().name("link-in").start(this::take);
      Thread.ofPlatform().daemon().name("link-out").start(this::deliver);
    }

    private void take() {
      while (true) {
        byte[] packet = from.read();
        if (packet.length == 0) {
          return;
        }
        long now = System.nanoTime();
        Weather weather = fate.weather;
        Random random = fate.random;
        // Drawn for each packet, so that what happens to one does not depend on time.
        boolean lost = random.nextDouble() < weather.loss();
        boolean late = random.nextDouble() < weather.reordering();
        double lateness = random.nextDouble();
        freeNanos = Math.max(freeNanos, now);
        if (lost || freeNanos - now > MAX_WAIT_NANOS) {
          continue;
        }
        freeNanos += packet.length * 1_000_000_000L / weather.bytesPerSecond();
        long way = weather.roundTrip().toNanos() / 2;
        long due = freeNanos + way + (late ? (long) (lateness * way / 4) : 0);
        if (!add(new Travelling(packet, due, number++))) {
          return;
        }
      }
    }

    private boolean add(Travelling packet) {
      lock.lock();
      try {
        if (travellingBytes + packet.packet.length <= MAX_TRAVELLING_BYTES) {
          travelling.add(packet);
          travellingBytes += packet.packet.length;
          if (travelling.size() == 1) {
            arrived.signal();
          }
        }
        return !closed;
      } finally {
        lock.unlock();
      }
    }

    private void deliver() {
      var due = new ArrayDeque<byte[]>();
      while (awaitDue(due)) {
        while (!due.isEmpty()) {
          to.write(due.remove());
        }
      }
    }

    /** Takes out all that have come to the end; returns whether there can be more. */
    private boolean awaitDue(Queue<byte[]> due) {
      lock.lock();
      try {
        while (!closed) {
          long now = System.nanoTime();
          while (!travelling.isEmpty() && travelling.peek().dueNanos - now <= 0) {
            byte[] packet = travelling.remove().packet;
            travellingBytes -= packet.length;
            due.add(packet);
          }
          if (!due.isEmpty()) {
            return true;
          }
          if (travelling.isEmpty()) {
            arrived.await();
          } else {
            long _ = arrived.awaitNanos(Math.max(TICK_NANOS, travelling.peek().dueNanos - now));
          }
        }
        return false;
      } catch (InterruptedException e) {
        return false;
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        closed = true;
        arrived.signal();
      } finally {
        lock.unlock();
      }
    }
  }
}
