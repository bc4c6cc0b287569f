package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Lets those who dial the same peer at the same addresses at the same time share one dial. */
final class DialSync {

  /** A dial that may fail. */
  @FunctionalInterface
  interface Dial {
    Connection run() throws IOException;
  }

  private record Target(Optional<PeerId> peer, Set<Multiaddr> addresses) {}

  private final Map<Target, CompletableFuture<Connection>> running = new ConcurrentHashMap<>();

  Connection dial(Optional<PeerId> peer, Collection<Multiaddr> addresses, Dial dial)
      throws IOException {
    var target = new Target(peer, Set.copyOf(addresses));
    var own = new CompletableFuture<Connection>();
    while (true) {
      CompletableFuture<Connection> other = running.putIfAbsent(target, own);
      if (other == null) {
        return lead(target, own, dial);
      }
      try {
        return await(other);
      } catch (CancellationException e) {
        // Somebody interrupted the thread that dialed; that says nothing to this one.
      }
    }
  }

  /** Dials for all who wait. Whatever comes of it, they hear of it, and only when it is over. */
  private Connection lead(Target target, CompletableFuture<Connection> result, Dial dial)
      throws IOException {
    try {
      Connection connection = dial.run();
      running.remove(target);
      result.complete(connection);
      return connection;
    } catch (Throwable e) {
      running.remove(target);
      if (Thread.currentThread().isInterrupted()) {
        result.cancel(false);
      } else {
        result.completeExceptionally(e);
      }
      throw e;
    }
  }

  private static Connection await(CompletableFuture<Connection> other) throws IOException {
    try {
      return other.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the dial was interrupted", e);
    }
  }
}
