package dev.warren.node;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.DialException;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.HandshakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Dials a peer while more of its addresses become known: each is tried as soon as it is heard of,
 * beside those that may take long to say no. The first that leads there wins.
 */
final class GrowingDial {
  /** Whoever tells addresses can invent as many as they like. */
  private static final int MAX_ADDRESSES = 64;

  /** One after the other, and each is dialed beside what the host knows of the peer. */
  private static final int MAX_DIALS = 8;

  private final Host host;
  private final PeerId peer;
  private final CompletableFuture<Connection> first = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by lock.
  private final Set<Multiaddr> tried = new HashSet<>();
  private final List<Throwable> failures = new ArrayList<>();
  private int running;

  GrowingDial(Host host, PeerId peer, Collection<Multiaddr> addresses) {
    this.host = host;
    this.peer = peer;
    begin(addresses.stream().distinct().limit(MAX_ADDRESSES).toList());
  }

  /**
   * Tries these too, those of them that are new.
   *
   * @return whether it is neither too late nor too much for that
   */
  boolean add(Collection<Multiaddr> addresses) {
    lock.lock();
    try {
      if (first.isDone() || running == MAX_DIALS) {
        return false;
      }
      List<Multiaddr> more =
          addresses.stream()
              .filter(address -> !tried.contains(address))
              .limit(MAX_ADDRESSES - tried.size())
              .toList();
      if (!more.isEmpty()) {
        begin(more);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void begin(Collection<Multiaddr> addresses) {
    lock.lock();
    try {
      tried.addAll(addresses);
      running++;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("warren-dial").start(() -> dial(addresses));
  }

  private void dial(Collection<Multiaddr> addresses) {
    try {
      first.complete(host.dial(peer, addresses));
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    lock.lock();
    try {
      running--;
      if (running == 0) {
        failures.stream().filter(other -> other != failure).forEach(failure::addSuppressed);
        first.completeExceptionally(failure);
      } else {
        failures.add(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the first connection.
   *
   * @throws IOException if none of the addresses leads there; dials that failed before are
   *     suppressed
   */
  Connection await() throws IOException {
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the dial was interrupted", e);
    }
  }

  /** Whether somebody else was at one of the addresses that {@link #await} tells of. */
  static boolean foundAnotherPeer(Throwable failure) {
    return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
        .anyMatch(GrowingDial::ledToAnotherPeer);
  }

  private static boolean ledToAnotherPeer(Throwable failure) {
    return failure instanceof DialException dial
        && dial.attempts().stream()
            .anyMatch(
                attempt ->
                    attempt.cause() instanceof HandshakeException handshake
                        && handshake.reason() == HandshakeException.Reason.WRONG_PEER);
  }
}
