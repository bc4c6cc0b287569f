package dev.warren.libp2p.transport.memory;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Connects the hosts that share one instance, at addresses such as {@code /memory/7}. */
public final class MemoryTransport implements Transport {
  private final Map<String, Consumer<RawConnection>> listeners = new ConcurrentHashMap<>();
  private final AtomicLong lastAddress = new AtomicLong(1L << 32);

  @Override
  public boolean handles(Multiaddr address) {
    return address.withoutPeer().components().size() == 1 && address.has(Protocol.MEMORY);
  }

  @Override
  public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
    cancellation.check();
    Consumer<RawConnection> listener = listeners.get(key(address));
    if (listener == null) {
      throw new ConnectException("nobody listens on " + address);
    }
    Multiaddr own = Multiaddr.parse("/memory/" + lastAddress.incrementAndGet());
    var pipe = new MemoryPipe();
    listener.accept(new MemoryConnection(pipe.right(), address.withoutPeer(), own));
    return new MemoryConnection(pipe.left(), own, address.withoutPeer());
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
      throws IOException {
    String asked = key(address);
    String key = asked.equals("0") ? Long.toString(lastAddress.incrementAndGet()) : asked;
    if (listeners.putIfAbsent(key, onConnection) != null) {
      throw new BindException(address + " is in use");
    }
    Multiaddr bound = Multiaddr.parse("/memory/" + key);
    return new Listener() {
      @Override
      public Multiaddr address() {
        return bound;
      }

      @Override
      public void close() {
        listeners.remove(key, onConnection);
      }
    };
  }

  private static String key(Multiaddr address) {
    return address
        .value(Protocol.MEMORY)
        .orElseThrow(() -> new IllegalArgumentException(address + " is no memory address"));
  }

  private record MemoryConnection(Duplex end, Multiaddr localAddress, Multiaddr remoteAddress)
      implements RawConnection {
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return end.read(buffer, offset, length);
    }

    @Override
    public int available() {
      return end.available();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      end.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() throws IOException {
      end.closeWrite();
    }

    @Override
    public void close() {
      end.close();
    }
  }
}
