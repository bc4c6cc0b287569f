package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.host.WrappedTransport;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.IOException;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** An internet on which two ends are connected if each dials the other at the same time. */
final class PunchedInternet {
  private record Way(Multiaddr from, Multiaddr to) {}

  /** Those who dial and whom nobody has dialed back yet; guarded by this map. */
  private final Map<Way, CompletableFuture<Duplex>> dialing = new HashMap<>();

  private final Map<Multiaddr, Integer> dials = new ConcurrentHashMap<>();

  /** How often it was dialed from there. */
  int dialsFrom(Multiaddr own) {
    return dials.getOrDefault(own, 0);
  }

  /** A place behind a NAT, which others see as this address. */
  Transport at(Multiaddr own) {
    return new Home(own);
  }

  private Duplex dial(Way way, Cancellation cancellation) throws IOException {
    CompletableFuture<Duplex> met = new CompletableFuture<>();
    synchronized (dialing) {
      CompletableFuture<Duplex> other = dialing.remove(new Way(way.to, way.from));
      var pipe = new MemoryPipe();
      if (other != null && other.complete(pipe.right())) {
        return pipe.left();
      }
      dialing.put(way, met);
    }
    var refused = new ConnectException("nobody dialed back");
    try (var _ = cancellation.onCancel(() -> met.completeExceptionally(refused))) {
      return met.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    } finally {
      synchronized (dialing) {
        dialing.remove(way, met);
      }
    }
  }

  private final class Home implements Transport {
    private final Multiaddr own;

    private Home(Multiaddr own) {
      this.own = own;
    }

    @Override
    public boolean handles(Multiaddr address) {
      return !address.isCircuit() && address.toString().startsWith("/ip4/11.");
    }

    @Override
    public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
      Multiaddr to = address.withoutPeer();
      dials.merge(own, 1, Integer::sum);
      return new WrappedTransport.Raw(
          PunchedInternet.this.dial(new Way(own, to), cancellation), own, to);
    }

    @Override
    public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
        throws IOException {
      throw new IOException("nothing comes in by itself");
    }
  }
}
