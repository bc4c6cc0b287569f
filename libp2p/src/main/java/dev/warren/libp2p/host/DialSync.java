package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Lets those who dial the same peer at the same addresses at the same time share one dial. */
final class DialSync {

  /** A dial that may fail. */
  @FunctionalInterface
  interface Dial {
    Connection run(List<Multiaddr> addresses) throws IOException;
  }

  private record Target(PeerId peer, Set<Multiaddr> addresses) {}

  private final Map<Target, CompletableFuture<Connection>> running = new ConcurrentHashMap<>();

  Connection dial(PeerId peer, List<Multiaddr> addresses, Dial dial) throws IOException {
    var target = new Target(peer, new HashSet<>(addresses));
    var own = new CompletableFuture<Connection>();
    CompletableFuture<Connection> other = running.putIfAbsent(target, own);
    if (other != null) {
      return await(other);
    }
    try {
      Connection connection = dial.run(addresses);
      own.complete(connection);
      return connection;
    } catch (IOException | RuntimeException e) {
      own.completeExceptionally(e);
      throw e;
    } finally {
      running.remove(target);
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
