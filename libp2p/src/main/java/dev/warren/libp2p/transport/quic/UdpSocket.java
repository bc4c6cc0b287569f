package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.TimeSource;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.handler.codec.quic.ServerConnectionIds;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket that listens, dials and sends what punches holes, so that peers and NATs know us
 * at one port. It has an event loop of its own, and lives as long as somebody listens on it, dials
 * from it or has a connection over it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a datagram may be lost; closing does not fail
final class UdpSocket {
  private static final Logger log = LoggerFactory.getLogger(UdpSocket.class);

  /** The system may grant less. What does not fit is lost, and a burst is all of a window. */
  private static final int BUFFER_BYTES = 4 << 20;

  private static final AtomicBoolean SMALL_BUFFER_TOLD = new AtomicBoolean();

  /** No datagram that we allow is larger, see {@link #MAX_RECEIVED_BYTES}. */
  private static final int DATAGRAM_BYTES = 2 << 10;

  /**
   * So much that a peer sent in one go is taken from the system by one call, where it can
   * (UDP_GRO). The codec's other way to take many, recvmmsg, does not say where one datagram ends
   * and the next begins in what the system has put together.
   */
  private static final int COALESCED_BYTES = 64 << 10;

  /** So many are handed to the system as one, where it can (UDP_SEGMENT). */
  private static final int SEGMENTS_AT_ONCE = 32;

  private static final int READS_IN_A_ROW = 16;

  /**
   * What every network with IPv6 passes (RFC 8200 §5): 1280 bytes, less the headers. Nothing tells
   * of more than the network takes: Linux refuses segments that the way out is too narrow for, and
   * the codec drops what is refused.
   */
  private static final int MAX_SENT_BYTES = 1280 - 40 - 8;

  private static final int MAX_RECEIVED_BYTES = 1500;

  /**
   * The codec keeps a path for each address that a peer has been seen at, one for each connection
   * id that it takes; with its default of two, a second rebinding of a NAT would be the end.
   */
  private static final int MAX_PATHS = 8;

  /** RFC 9221: used to keep connections alive, and nothing waits for what they bring. */
  private static final int DATAGRAM_QUEUE = 16;

  private final QuicTls tls;
  private final QuicSettings settings;
  private final TimeSource time;
  private final ConnectionIds ids = new ConnectionIds();
  private final EventLoopGroup group;
  private final Channel channel;
  private final Demultiplexer demultiplexer;
  private final ReentrantLock lock = new ReentrantLock();
  private int users; // guarded by lock
  private volatile @Nullable Consumer<IncomingConnection> acceptor;
  private int handshakes; // those that have come in; owned by the event loop

  private UdpSocket(
      InetSocketAddress local,
      QuicTls tls,
      SecretKey resetKey,
      QuicSettings settings,
      TimeSource time)
      throws IOException {
    this.tls = tls;
    this.settings = settings;
    this.time = time;
    var resetTokens = new ResetTokens(resetKey, this::localAddress);
    ChannelHandler server = serverCodec(resetTokens);
    demultiplexer =
        new Demultiplexer(
            server,
            id -> ServerConnectionIds.isLive(server, id),
            new StatelessResets(resetTokens, time::nanoTime));
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("libp2p-quic", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    ChannelFuture bound =
        bootstrap(local, server, clientCodec()).bind(local).awaitUninterruptibly();
    channel = bound.channel();
    if (!bound.isSuccess()) {
      shutDown();
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    channel.closeFuture().addListener(_ -> shutDown());
    int granted = channel.config().getOption(ChannelOption.SO_RCVBUF);
    if (granted < BUFFER_BYTES && !SMALL_BUFFER_TOLD.getAndSet(true)) {
      log.info(
          "the system grants a UDP socket {} KiB for what comes in; QUIC is faster with {},"
              + " on Linux by sysctl net.core.rmem_max={}",
          granted >> 10,
          BUFFER_BYTES >> 10,
          BUFFER_BYTES);
    }
  }

  /** Opens a socket, which the caller uses from the start. */
  static UdpSocket open(
      InetSocketAddress local,
      QuicTls tls,
      SecretKey resetKey,
      QuicSettings settings,
      TimeSource time)
      throws IOException {
    var socket = new UdpSocket(local, tls, resetKey, settings, time);
    socket.users = 1;
    return socket;
  }

  private Bootstrap bootstrap(
      InetSocketAddress local, ChannelHandler server, ChannelHandler client) {
    SocketProtocolFamily family =
        local.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channelFactory(
                () ->
                    Epoll.isAvailable()
                        ? new EpollDatagramChannel(family)
                        : new NioDatagramChannel(family))
            .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
            .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(
                        Epoll.isAvailable() ? COALESCED_BYTES : DATAGRAM_BYTES)
                    .maxMessagesPerRead(READS_IN_A_ROW))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel udp) {
                    udp.pipeline()
                        .addLast(
                            new HandshakeFollower(server, client),
                            demultiplexer,
                            server,
                            client,
                            new Faults());
                  }
                });
    if (Epoll.isAvailable()) {
      bootstrap.option(EpollChannelOption.UDP_GRO, true);
    }
    return bootstrap;
  }

  private ChannelHandler serverCodec(ResetTokens resetTokens) {
    QuicServerCodecBuilder builder =
        configured(new QuicServerCodecBuilder())
            .sslEngineProvider(tls::serverEngine)
            .connectionIdAddressGenerator(ids)
            .tokenHandler(
                new AddressTokens(
                    () -> handshakes >= settings.unvalidatedHandshakes(), time::nanoTime))
            .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments())
            .handler(
                new ChannelInitializer<QuicChannel>() {
                  @Override
                  protected void initChannel(QuicChannel incoming) {
                    accept(incoming);
                  }
                })
            .streamHandler(new IncomingStreams());
    return ServerConnectionIds.codec(builder, ids::latest, resetTokens);
  }

  private ChannelHandler clientCodec() {
    return configured(new QuicClientCodecBuilder()).sslEngineProvider(tls::clientEngine).build();
  }

  private <B extends QuicCodecBuilder<B>> B configured(B builder) {
    return builder
        .localConnectionIdLength(ConnectionIds.BYTES)
        .maxIdleTimeout(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .maxSendUdpPayloadSize(MAX_SENT_BYTES)
        .maxRecvUdpPayloadSize(MAX_RECEIVED_BYTES)
        .initialMaxData(settings.connectionWindowBytes())
        .initialMaxStreamDataBidirectionalLocal(settings.streamWindowBytes())
        .initialMaxStreamDataBidirectionalRemote(settings.streamWindowBytes())
        .initialMaxStreamsBidirectional(settings.maxStreams())
        .activeConnectionIdLimit(MAX_PATHS)
        .datagram(DATAGRAM_QUEUE, DATAGRAM_QUEUE);
  }

  private static SegmentedDatagramPacketAllocator segments() {
    return Epoll.isAvailable()
        ? EpollQuicUtils.newSegmentedAllocator(SEGMENTS_AT_ONCE)
        : SegmentedDatagramPacketAllocator.NONE;
  }

  // ---- those who use it

  /** Makes the socket stay; false when it is going already. */
  boolean retain() {
    lock.lock();
    try {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back one {@link #retain}; nobody left means that the socket is closed. */
  void release() {
    lock.lock();
    try {
      users--;
      if (users > 0) {
        return;
      }
    } finally {
      lock.unlock();
    }
    channel.close();
  }

  /** Waits, if the socket is about to be closed. */
  void awaitClosed(long millis) {
    lock.lock();
    try {
      if (users > 0) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (!channel.eventLoop().inEventLoop()) {
      channel.closeFuture().awaitUninterruptibly(millis);
    }
  }

  void onClose(Runnable action) {
    channel.closeFuture().addListener(_ -> action.run());
  }

  private void shutDown() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Our end of a connection: a socket that has every address has one towards each peer. */
  InetSocketAddress localAddressTowards(InetSocketAddress remote) throws IOException {
    InetSocketAddress local = localAddress();
    if (!local.getAddress().isAnyLocalAddress()) {
      return local;
    }
    try (DatagramChannel route = DatagramChannel.open()) {
      route.connect(remote); // sends nothing
      var chosen = (InetSocketAddress) route.getLocalAddress();
      return new InetSocketAddress(chosen.getAddress(), local.getPort());
    }
  }

  /** Takes connections that come in from now on. */
  void listen(Consumer<IncomingConnection> onConnection) {
    acceptor = onConnection;
    channel.eventLoop().execute(() -> demultiplexer.setAccepting(true));
  }

  void stopListening() {
    acceptor = null;
    channel.eventLoop().execute(() -> demultiplexer.setAccepting(false));
  }

  boolean isListening() {
    return acceptor != null;
  }

  /** Begins a connection. */
  CompletableFuture<QuicConnection> dial(InetSocketAddress remote, Handshake handshake) {
    var begun = new CompletableFuture<QuicConnection>();
    ByteBuffer id = ids.next();
    QuicChannel.newBootstrap(channel)
        .attr(QuicTls.HANDSHAKE, handshake)
        .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments())
        .localConnectionAddress(new QuicConnectionAddress(id))
        .remoteAddress(remote)
        .handler(
            new ChannelInitializer<QuicChannel>() {
              @Override
              protected void initChannel(QuicChannel outgoing) {
                QuicConnection connection = begin(outgoing, remote);
                demultiplexer.addDialed(id.getLong(0), remote, connection);
                outgoing.closeFuture().addListener(_ -> forgetDialed(id.getLong(0), remote));
                begun.complete(connection);
              }
            })
        .streamHandler(new IncomingStreams())
        .connect()
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                var _ = begun.thenAccept(connection -> connection.fail(connected.cause()));
                handshake.fail(new IOException(connected.cause())); // if it has not even begun
              }
            });
    return begun;
  }

  /** Not at once: what the peer still sends would pass for the beginning of a new connection. */
  private void forgetDialed(long connectionId, InetSocketAddress remote) {
    demultiplexer.endDialed(connectionId, remote);
    if (!channel.eventLoop().isShuttingDown()) {
      channel
          .eventLoop()
          .schedule(
              () -> demultiplexer.removeDialed(connectionId),
              settings.idleTimeout().toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a datagram that means nothing, and that opens the way back through our NAT. */
  void send(byte[] bytes, InetSocketAddress remote) {
    channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), remote));
  }

  // ---- the event loop

  private void accept(QuicChannel incoming) {
    QuicConnection connection = begin(incoming, (InetSocketAddress) incoming.remoteSocketAddress());
    handshakes++;
    incoming.attr(QuicTls.HANDSHAKE).get().whenOver(() -> handshakes--);
    Consumer<IncomingConnection> taker = acceptor;
    if (taker == null) {
      connection.abort();
    } else {
      taker.accept(connection);
    }
  }

  /** Runs the action, once, when what comes in next has been looked at. */
  void afterNextReads(Runnable action) {
    demultiplexer.afterNextReads(action);
  }

  private QuicConnection begin(QuicChannel quic, InetSocketAddress remote) {
    var connection = new QuicConnection(quic, this, remote, settings, time);
    retain();
    quic.closeFuture().addListener(_ -> release());
    quic.pipeline().addLast(connection);
    return connection;
  }

  /** Streams that the peer opens. */
  @ChannelHandler.Sharable
  private static final class IncomingStreams extends ChannelInitializer<QuicStreamChannel> {
    @Override
    protected void initChannel(QuicStreamChannel stream) {
      QuicConnection connection = stream.parent().pipeline().get(QuicConnection.class);
      stream.pipeline().addLast(connection.accept(stream));
    }
  }

  /** The end of the pipeline, where Netty would complain aloud about what peers can bring about. */
  private static final class Faults extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      log.debug("the socket {}: {}", context.channel().localAddress(), cause.toString());
    }
  }
}
