package dev.warren.libp2p.transport.tcp;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dials and listens on {@code /ip4/…/tcp/…} and {@code /ip6/…/tcp/…}. */
public final class TcpTransport implements Transport {
  private static final Logger log = LoggerFactory.getLogger(TcpTransport.class);

  /** Bursts of a swarm arrive faster than one thread accepts; the system may cap this further. */
  private static final int ACCEPT_BACKLOG = 1024;

  private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");

  private final boolean reusePort;
  private final List<TcpListener> listeners = new CopyOnWriteArrayList<>();

  public TcpTransport() {
    this(false);
  }

  /**
   * @param reusePort whether dials leave from the port that is listened on, which hole punching and
   *     observed addresses need. Without effect where the system cannot do that, as Windows cannot.
   */
  public TcpTransport(boolean reusePort) {
    this.reusePort = reusePort && canReusePorts();
  }

  private static boolean canReusePorts() {
    try (SocketChannel channel = SocketChannel.open()) {
      return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public boolean handles(Multiaddr address) {
    var parts = address.withoutPeer().components();
    int size = parts.size();
    boolean zoned = size == 3 && parts.getFirst().protocol() == Protocol.IP6ZONE;
    return (size == 2 || zoned)
        && parts.getLast().protocol() == Protocol.TCP
        && switch (parts.get(size - 2).protocol()) {
          case IP4, IP6 -> true;
          default -> false;
        };
  }

  @Override
  public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
    InetSocketAddress remote = socketAddress(address);
    Optional<InetSocketAddress> local = reusePort ? localFor(remote) : Optional.empty();
    if (local.isPresent()) {
      try {
        return dial(remote, local, cancellation);
      } catch (BindException e) {
        // EADDRNOTAVAIL: this pair of addresses is already connected. Any other port will do.
        log.debug("cannot dial {} from {}: {}", remote, local, e.getMessage());
      }
    }
    return dial(remote, Optional.empty(), cancellation);
  }

  private RawConnection dial(
      InetSocketAddress remote, Optional<InetSocketAddress> local, Cancellation cancellation)
      throws IOException {
    cancellation.check();
    SocketChannel channel = SocketChannel.open(family(remote));
    try (var _ = cancellation.onCancel(() -> closeQuietly(channel))) {
      if (local.isPresent()) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(local.get());
      }
      channel.connect(remote);
      if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
        // Dialing a free port of the ephemeral range can, by chance, connect a socket to itself.
        throw new IOException("the connection would lead to itself");
      }
      return new TcpConnection(channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw cancellation.explain(e);
    }
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
      throws IOException {
    InetSocketAddress local = socketAddress(address);
    ServerSocketChannel channel = ServerSocketChannel.open(family(local));
    try {
      if (reusePort) {
        checkFree(local);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(local, ACCEPT_BACKLOG);
      var listener = new TcpListener(channel, onConnection, listeners::remove);
      listeners.add(listener);
      listener.start();
      return listener;
    } catch (IOException e) {
      closeQuietly(channel);
      throw named(e, address);
    }
  }

  /** With ports reused the system lets two processes listen, and gives each some connections. */
  private static void checkFree(InetSocketAddress local) throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open(family(local))) {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(local);
    }
  }

  /** Names the address, which the system's message does not. */
  private static IOException named(IOException failure, Multiaddr address) {
    String message = "cannot listen on " + address + ": " + failure.getMessage();
    IOException named =
        failure instanceof BindException ? new BindException(message) : new IOException(message);
    named.initCause(failure);
    return named;
  }

  /** The end of a dial that leaves from the port of a listener, if one can reach the remote end. */
  private Optional<InetSocketAddress> localFor(InetSocketAddress remote) {
    return listeners.stream()
        .map(TcpListener::socketAddress)
        .filter(local -> reaches(local, remote))
        .findFirst()
        .map(local -> inFamilyOf(remote, local));
  }

  private static boolean reaches(InetSocketAddress local, InetSocketAddress remote) {
    InetAddress from = local.getAddress();
    if (from.isAnyLocalAddress()) {
      // The JDK's sockets on "::" take IPv4 too.
      return from instanceof Inet6Address || family(local) == family(remote);
    }
    // From a loopback address only loopback can be reached, and the reverse.
    return family(local) == family(remote)
        && from.isLoopbackAddress() == remote.getAddress().isLoopbackAddress();
  }

  private static InetSocketAddress inFamilyOf(InetSocketAddress remote, InetSocketAddress local) {
    return family(local) == family(remote)
        ? local
        : new InetSocketAddress(ANY_IPV4, local.getPort());
  }

  private static ProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static InetSocketAddress socketAddress(Multiaddr address) {
    InetAddress ip =
        address
            .ip()
            .orElseThrow(() -> new IllegalArgumentException(address + " is no TCP address"));
    return new InetSocketAddress(ip, address.port().orElseThrow());
  }

  static void closeQuietly(Closeable resource) {
    try {
      resource.close();
    } catch (IOException e) {
      log.debug("closing {}: {}", resource, e.getMessage());
    }
  }
}
