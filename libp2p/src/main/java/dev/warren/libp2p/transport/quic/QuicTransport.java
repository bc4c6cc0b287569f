package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.security.tls.HostCertificate;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.SecureTransport;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.TimeSource;
import io.netty.handler.codec.quic.Quic;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials and listens on {@code /ip4/…/udp/…/quic-v1} and {@code /ip6/…/udp/…/quic-v1}. A dial leaves
 * from the port that is listened on, where there is one that leads to the peer.
 */
public final class QuicTransport implements SecureTransport {
  private static final Logger log = LoggerFactory.getLogger(QuicTransport.class);
  private static final AtomicBoolean MISSING_TOLD = new AtomicBoolean();

  /** connections/hole-punching.md, "DCUtR": what the peer's NAT is to see, for how long. */
  private static final int PUNCH_BYTES = 64;

  private static final Duration PUNCH_TIME = Duration.ofSeconds(5);
  private static final int MIN_PUNCH_PAUSE_MILLIS = 10;
  private static final int MAX_PUNCH_PAUSE_MILLIS = 200;

  private final Supplier<HostCertificate> own;
  private final SecretKey resetKey;
  private final QuicSettings settings;
  private final TimeSource time;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock dialing = new ReentrantLock();
  private final ReentrantLock loading = new ReentrantLock();
  private @Nullable QuicTls tls; // guarded by loading
  private final List<UdpSocket> sockets = new CopyOnWriteArrayList<>();

  /**
   * Loads nothing yet: the native library takes its time, which only those pay who use it.
   *
   * @param hostKey who we are
   */
  public QuicTransport(PrivateKey hostKey, QuicSettings settings, TimeSource time) {
    this(() -> HostCertificate.of(hostKey), ResetTokens.key(hostKey), settings, time);
  }

  QuicTransport(
      Supplier<HostCertificate> own, SecretKey resetKey, QuicSettings settings, TimeSource time) {
    this.own = own;
    this.resetKey = resetKey;
    this.settings = settings;
    this.time = time;
  }

  /**
   * Whether there is a native library for this system; what there is none for has to do with TCP,
   * and the log says so once.
   */
  public static boolean isAvailable() {
    boolean available = Quic.isAvailable();
    if (!available && !MISSING_TOLD.getAndSet(true)) {
      log.warn(
          "there is no QUIC library for this system; connections are made over TCP alone",
          Quic.unavailabilityCause());
    }
    return available;
  }

  private QuicTls tls() throws IOException {
    loading.lock();
    try {
      QuicTls loaded = tls;
      if (loaded == null) {
        if (!isAvailable()) {
          throw new IOException("there is no QUIC library for this system");
        }
        loaded = new QuicTls(own.get());
        tls = loaded;
      }
      return loaded;
    } finally {
      loading.unlock();
    }
  }

  static Multiaddr multiaddr(InetSocketAddress address) {
    return Multiaddr.ofUdp(address).with(Protocol.QUIC_V1);
  }

  @Override
  public boolean handles(Multiaddr address) {
    List<Protocol> parts = address.withoutPeer().protocols();
    int size = parts.size();
    boolean zoned = size == 4 && parts.getFirst() == Protocol.IP6ZONE;
    return (size == 3 || zoned)
        && parts.getLast() == Protocol.QUIC_V1
        && parts.get(size - 2) == Protocol.UDP
        && switch (parts.get(size - 3)) {
          case IP4, IP6 -> true;
          default -> false;
        };
  }

  @Override
  public boolean isUsable() {
    try {
      tls();
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public SecuredConnection dial(
      Multiaddr address, Optional<PeerId> expected, Cancellation cancellation) throws IOException {
    cancellation.check();
    InetSocketAddress remote = socketAddress(address);
    checkRoute(remote);
    UdpSocket socket = socketTowards(remote);
    try {
      var handshake = new Handshake(expected);
      CompletableFuture<QuicConnection> begun = socket.dial(remote, handshake);
      Runnable giveUp =
          () -> {
            handshake.fail(new IOException("the dial was cancelled"));
            abort(begun);
          };
      try (var _ = cancellation.onCancel(giveUp)) {
        handshake.await();
        return begun.join().secure();
      } catch (IOException e) {
        abort(begun);
        throw e;
      }
    } catch (IOException e) {
      throw cancellation.explain(e);
    } finally {
      socket.release();
    }
  }

  /** The codec does not tell when nothing can be sent there, and would wait for an answer. */
  private static void checkRoute(InetSocketAddress remote) throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(remote);
    } catch (UnsupportedAddressTypeException e) {
      throw new IOException("this system has no IPv6", e);
    }
  }

  private static void abort(CompletableFuture<QuicConnection> begun) {
    var _ = begun.thenAccept(QuicConnection::abort);
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<IncomingConnection> onConnection)
      throws IOException {
    dialing.lock(); // so that a dial of meanwhile leaves from this port
    try {
      UdpSocket socket = open(socketAddress(address));
      socket.listen(onConnection);
      return new QuicListener(socket);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    } finally {
      dialing.unlock();
    }
  }

  /** Sends random datagrams, until cancelled or for five seconds. */
  @Override
  public Optional<IncomingConnection> punch(Multiaddr address, Cancellation cancellation)
      throws IOException {
    InetSocketAddress remote = socketAddress(address);
    UdpSocket socket = socketTowards(remote);
    try {
      long start = time.nanoTime();
      byte[] datagram = new byte[PUNCH_BYTES];
      while (time.nanoTime() - start < PUNCH_TIME.toNanos()) {
        cancellation.check();
        random.nextBytes(datagram);
        socket.send(datagram.clone(), remote);
        pause(cancellation);
      }
      return Optional.empty();
    } finally {
      socket.release();
    }
  }

  private void pause(Cancellation cancellation) throws IOException {
    var over = new CountDownLatch(1);
    Duration pause =
        Duration.ofMillis(random.nextInt(MIN_PUNCH_PAUSE_MILLIS, MAX_PUNCH_PAUSE_MILLIS + 1));
    try (var _ = time.after(pause, over::countDown);
        var _ = cancellation.onCancel(over::countDown)) {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the thread was interrupted", e);
    }
  }

  /** A socket that reaches the peer, retained: one that is listened on, or one of its own. */
  private UdpSocket socketTowards(InetSocketAddress remote) throws IOException {
    dialing.lock();
    try {
      Optional<UdpSocket> usable =
          sockets.stream()
              .filter(socket -> reaches(socket.localAddress(), remote))
              .sorted((a, b) -> Boolean.compare(b.isListening(), a.isListening()))
              .filter(UdpSocket::retain)
              .findFirst();
      if (usable.isPresent()) {
        return usable.get();
      }
      boolean ip4 = remote.getAddress() instanceof Inet4Address;
      return open(new InetSocketAddress(InetAddress.ofLiteral(ip4 ? "0.0.0.0" : "::"), 0));
    } finally {
      dialing.unlock();
    }
  }

  private UdpSocket open(InetSocketAddress local) throws IOException {
    UdpSocket socket = UdpSocket.open(local, tls(), resetKey, settings, time);
    sockets.add(socket);
    socket.onClose(() -> sockets.remove(socket));
    return socket;
  }

  private static boolean reaches(InetSocketAddress local, InetSocketAddress remote) {
    InetAddress from = local.getAddress();
    InetAddress to = remote.getAddress();
    if (from.isAnyLocalAddress()) {
      return from instanceof Inet6Address || to instanceof Inet4Address; // "::" carries both
    }
    boolean sameFamily = (from instanceof Inet6Address) == (to instanceof Inet6Address);
    // From a loopback address only loopback can be reached, and the reverse.
    return sameFamily && from.isLoopbackAddress() == to.isLoopbackAddress();
  }

  private static InetSocketAddress socketAddress(Multiaddr address) {
    InetAddress ip =
        address
            .ip()
            .orElseThrow(() -> new IllegalArgumentException(address + " is no QUIC address"));
    return new InetSocketAddress(ip, address.port().orElseThrow());
  }

  /** The part of a socket that accepts. */
  private record QuicListener(UdpSocket socket, Multiaddr address) implements Listener {
    private static final long MAX_WAIT_MILLIS = 1_000;

    QuicListener(UdpSocket socket) {
      this(socket, multiaddr(socket.localAddress()));
    }

    @Override
    public void close() {
      if (socket.isListening()) {
        socket.stopListening();
        socket.release();
        socket.awaitClosed(MAX_WAIT_MILLIS);
      }
    }
  }
}
