package dev.warren.node;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** TCP by which some addresses can be dialed only while the gate is open. */
final class Gate implements Transport {
  private final Transport tcp = new TcpTransport(true);
  private final Predicate<Multiaddr> behind;
  private final List<RawConnection> passed = new CopyOnWriteArrayList<>();
  private volatile boolean open;

  Gate(Predicate<Multiaddr> behind) {
    this.behind = behind;
  }

  void open() {
    open = true;
  }

  /** Cuts what has passed, too. */
  void close() {
    open = false;
    passed.forEach(RawConnection::close);
  }

  @Override
  public boolean handles(Multiaddr address) {
    return tcp.handles(address);
  }

  @Override
  public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
    if (!behind.test(address.withoutPeer())) {
      return tcp.dial(address, cancellation);
    }
    if (!open) {
      throw new ConnectException("the gate is closed");
    }
    RawConnection connection = tcp.dial(address, cancellation);
    passed.add(connection);
    return connection;
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
      throws IOException {
    return tcp.listen(address, onConnection);
  }
}
