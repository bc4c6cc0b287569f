package dev.warren.libp2p.transport.tcp;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound server socket and the thread that accepts on it. */
final class TcpListener implements Listener {
  private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

  /** Out of descriptors, accept fails at once and would spin. */
  private static final long ACCEPT_FAILURE_PAUSE_NANOS = 50_000_000;

  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(1);

  private final ServerSocketChannel channel;
  private final InetSocketAddress socketAddress;
  private final Consumer<RawConnection> onConnection;
  private final Consumer<TcpListener> onClose;
  private final Thread accepting;

  TcpListener(
      ServerSocketChannel channel,
      Consumer<RawConnection> onConnection,
      Consumer<TcpListener> onClose)
      throws IOException {
    this.channel = channel;
    this.socketAddress = (InetSocketAddress) channel.getLocalAddress();
    this.onConnection = onConnection;
    this.onClose = onClose;
    this.accepting =
        Thread.ofVirtual().name("libp2p-accept " + socketAddress).unstarted(this::acceptLoop);
  }

  void start() {
    accepting.start();
  }

  private void acceptLoop() {
    while (channel.isOpen()) {
      SocketChannel accepted;
      try {
        accepted = channel.accept();
      } catch (IOException e) {
        if (channel.isOpen()) {
          log.warn("accepting on {}: {}", socketAddress, e.getMessage());
          LockSupport.parkNanos(ACCEPT_FAILURE_PAUSE_NANOS);
        }
        continue;
      }
      try {
        onConnection.accept(new TcpConnection(accepted));
      } catch (IOException | RuntimeException e) {
        // The peer has gone already, or it met a fault that must not stop the others.
        log.debug("dropping a connection accepted on {}: {}", socketAddress, e.toString());
        TcpTransport.closeQuietly(accepted);
      }
    }
  }

  InetSocketAddress socketAddress() {
    return socketAddress;
  }

  @Override
  public Multiaddr address() {
    return Multiaddr.ofTcp(socketAddress);
  }

  @Override
  public void close() {
    onClose.accept(this);
    TcpTransport.closeQuietly(channel);
    awaitRelease();
  }

  /** The system keeps the port until the thread that accepts on it has noticed. */
  private void awaitRelease() {
    if (Thread.currentThread() == accepting) {
      return;
    }
    try {
      accepting.join(RELEASE_TIMEOUT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
