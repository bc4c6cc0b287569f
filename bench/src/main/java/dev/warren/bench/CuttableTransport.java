package dev.warren.bench;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** TCP whose last dialed connection can be got at, to be cut off. */
final class CuttableTransport implements Transport {
  private final TcpTransport tcp = new TcpTransport();
  private volatile @Nullable RawConnection lastDialed;

  Optional<RawConnection> lastDialed() {
    return Optional.ofNullable(lastDialed);
  }

  @Override
  public boolean handles(Multiaddr address) {
    return tcp.handles(address);
  }

  @Override
  public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
    RawConnection dialed = tcp.dial(address, cancellation);
    lastDialed = dialed;
    return dialed;
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
      throws IOException {
    return tcp.listen(address, onConnection);
  }
}
