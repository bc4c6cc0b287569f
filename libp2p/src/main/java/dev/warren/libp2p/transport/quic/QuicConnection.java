package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from its first packet on: blocking for those who use it and a handler for the
 * event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as the end of the connection
final class QuicConnection extends ChannelInboundHandlerAdapter
    implements MuxedConnection, IncomingConnection, Demultiplexer.Dialed {
  /** Of all its streams together; a stream whose reader waits gets its bytes beyond that. */
  private static final long MAX_READ_AHEAD_BYTES = 8 << 20;

  /** Of all its streams together; beyond that each has one small chunk under way. */
  private static final long MAX_SENDING_BYTES = 4 << 20;

  private static final Duration MAX_WAIT_FOR_CREDIT = Duration.ofSeconds(30);
  private static final long MAX_WAIT_FOR_CLOSE_MILLIS = 1_000;

  /** For bytes and FINs that wait; whoever closes the connection does not wait for all of it. */
  private static final int MAX_POLLS_AT_CLOSE = (int) (5_000_000_000L / Endings.POLL_NANOS);

  /** So that the packet has more than 42 bytes; go answers none with less by a stateless reset. */
  private static final int KEEP_ALIVE_BYTES = 32;

  /** What go and rust say when they close a connection in good order. */
  private static final int NO_ERROR = 0;

  /** RFC 9000 §20.1. */
  private static final int CONNECTION_REFUSED = 2;

  private final QuicChannel channel;
  private final UdpSocket socket;
  private final Handshake handshake;
  private final InetSocketAddress remote;
  private final QuicSettings settings;
  private final TimeSource time;
  private final BlockingQueue<Optional<QuicStream>> incoming = new LinkedBlockingQueue<>();
  private final AtomicInteger streams = new AtomicInteger();
  private final MemoryShare received;
  private final MemoryShare sending;
  private volatile boolean closedHere;
  private volatile @Nullable IOException ended;

  /** Those who want to open a stream when the peer takes more; owned by the event loop. */
  private final ArrayDeque<CompletableFuture<QuicStream>> waiting = new ArrayDeque<>();

  private final Fetches fetches;
  private final Outgoing outgoing;
  private final Endings endings;
  private boolean datagrams; // owned by the event loop
  private TimeSource.@Nullable Scheduled keepAlive; // owned by the event loop
  private @Nullable Throwable failure; // owned by the event loop
  private @Nullable QuicConnectionCloseEvent farewell; // owned by the event loop

  QuicConnection(
      QuicChannel channel,
      UdpSocket socket,
      InetSocketAddress remote,
      QuicSettings settings,
      TimeSource time) {
    this.channel = channel;
    this.socket = socket;
    this.handshake = channel.attr(QuicTls.HANDSHAKE).get();
    this.remote = remote;
    this.settings = settings;
    this.time = time;
    this.fetches = new Fetches(channel.eventLoop());
    this.outgoing = new Outgoing(channel, socket);
    this.endings = new Endings(channel, outgoing);
    this.received = new MemoryShare(settings.receivedMemory(), MAX_READ_AHEAD_BYTES);
    this.sending = new MemoryShare(settings.sendingMemory(), MAX_SENDING_BYTES);
  }

  // ---- the users' threads

  @Override
  public Multiaddr remoteAddress() {
    return QuicTransport.multiaddr(remote);
  }

  @Override
  public SecuredConnection secure() throws IOException {
    PublicKey remoteKey = handshake.await();
    Multiaddr local = QuicTransport.multiaddr(socket.localAddressTowards(remote));
    return new SecuredConnection(remoteKey, local, remoteAddress(), this, true, false);
  }

  @Override
  public IOException run(Acceptor acceptor) {
    try {
      while (true) {
        Optional<QuicStream> stream = incoming.take();
        if (stream.isEmpty()) {
          return lost();
        }
        if (!acceptor.accept(stream.get())) {
          stream.get().reset(0);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new InterruptedIOException("the thread of the connection was interrupted");
    }
  }

  @Override
  public MuxedStream openStream() throws IOException {
    var opened = new CompletableFuture<QuicStream>();
    if (!onLoop(() -> open(opened))) {
      throw lost();
    }
    return await(opened);
  }

  @Override
  public int streamCount() {
    return streams.get();
  }

  /** The round trip as QUIC measures it all the time: there is no frame that asks for one. */
  @Override
  public Duration ping() throws IOException {
    var answer = new CompletableFuture<Duration>();
    boolean asked =
        onLoop(
            () ->
                channel
                    .collectPathStats(0)
                    .addListener(
                        stats -> {
                          if (stats.isSuccess()) {
                            var path = (QuicConnectionPathStats) stats.getNow();
                            answer.complete(Duration.ofNanos(path.rtt()));
                          } else {
                            answer.completeExceptionally(lost());
                          }
                        }));
    if (!asked) {
      throw lost();
    }
    return await(answer);
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the thread was interrupted");
    }
  }

  @Override
  public void trim() {}

  @Override
  public void abort() {
    end(0);
  }

  /** Waits a moment until the socket, when it was the last one, is free for others. */
  @Override
  public void close() {
    end(MAX_POLLS_AT_CLOSE);
    if (!channel.eventLoop().inEventLoop()) {
      channel.closeFuture().awaitUninterruptibly(MAX_WAIT_FOR_CLOSE_MILLIS);
      socket.awaitClosed(MAX_WAIT_FOR_CLOSE_MILLIS);
    }
  }

  /** Streams that were closed may have bytes, or their FIN, still to be written. */
  private void end(int polls) {
    closedHere = true;
    onLoop(() -> endings.finish(polls, this::leave));
  }

  /**
   * A refusal goes in a packet of the handshake, for which the peer may have no key any more (RFC
   * 9000 §10.2.3): once the connection is up it is closed, even if nobody wants it.
   */
  private void leave() {
    boolean up = channel.isActive();
    channel.close(up, up ? NO_ERROR : CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER);
  }

  boolean isClosing() {
    return closedHere;
  }

  /** Why nothing can be done with the connection any more. */
  IOException lost() {
    IOException cause = ended;
    return cause == null ? new ConnectionClosedException("the connection has ended") : cause;
  }

  // ---- the streams

  TimeSource time() {
    return time;
  }

  /** Runs the action on the event loop; false when that has ended, and the connection with it. */
  boolean onLoop(Runnable action) {
    try {
      channel.eventLoop().execute(action);
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  /** What streams hold for their readers. */
  MemoryShare received() {
    return received;
  }

  /** What streams have handed over, and the codec not taken. */
  MemoryShare sending() {
    return sending;
  }

  /** What one stream may hold for its reader. */
  long readAheadBytes() {
    return settings.readAheadBytes();
  }

  // ---- the event loop

  /** A stream that the peer has opened. */
  QuicStream accept(QuicStreamChannel streamChannel) {
    QuicStream stream = begin(streamChannel);
    incoming.add(Optional.of(stream));
    return stream;
  }

  private QuicStream begin(QuicStreamChannel streamChannel) {
    streams.incrementAndGet();
    return new QuicStream(this, streamChannel);
  }

  Endings endings() {
    return endings;
  }

  Fetches fetches() {
    return fetches;
  }

  Outgoing outgoing() {
    return outgoing;
  }

  void forget() {
    streams.decrementAndGet();
  }

  private void open(CompletableFuture<QuicStream> opened) {
    if (!channel.isActive() || closedHere) {
      opened.completeExceptionally(ended == null ? cause() : lost());
    } else if (channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0) {
      create(opened);
    } else {
      // The codec would use the stream's number up, and the peer wait for it for ever.
      waiting.add(opened);
      TimeSource.Scheduled limit =
          time.after(
              MAX_WAIT_FOR_CREDIT,
              () ->
                  opened.completeExceptionally(
                      new SocketTimeoutException("the peer takes no more streams for now")));
      opened.whenComplete(
          (_, _) -> {
            limit.cancel();
            onLoop(() -> waiting.removeIf(CompletableFuture::isDone));
          });
    }
  }

  private void create(CompletableFuture<QuicStream> opened) {
    var stream = new AtomicReference<QuicStream>();
    var initializer =
        new ChannelInitializer<QuicStreamChannel>() {
          @Override
          protected void initChannel(QuicStreamChannel streamChannel) {
            stream.set(begin(streamChannel));
            streamChannel.pipeline().addLast(stream.get());
          }
        };
    channel
        .createStream(QuicStreamType.BIDIRECTIONAL, initializer)
        .addListener(
            created -> {
              if (!created.isSuccess()) {
                opened.completeExceptionally(new IOException(created.cause()));
              } else if (!opened.complete(stream.get())) { // too late for whoever wanted it
                stream.get().reset(0);
              }
            });
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    handshake.succeed();
    if (!handshake.hasSucceeded()) {
      abort();
      return;
    }
    scheduleKeepAlive();
  }

  private void scheduleKeepAlive() {
    keepAlive = time.after(settings.keepAlive(), () -> onLoop(this::keepAlive));
  }

  /**
   * The codec cannot send a PING. A datagram (RFC 9221) is acknowledged as well. Who has no
   * datagrams, such as rust, keeps its connections alive itself.
   */
  private void keepAlive() {
    if (channel.isActive()) {
      if (datagrams) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[KEEP_ALIVE_BYTES]));
      }
      scheduleKeepAlive();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf datagram) {
      datagram.release();
    } else {
      context.fireChannelRead(message); // a new stream
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case QuicStreamLimitChangedEvent _ -> serveWaiting();
      case QuicDatagramExtensionEvent _ -> datagrams = true;
      case QuicConnectionCloseEvent close -> farewell = close;
      default -> {}
    }
  }

  private void serveWaiting() {
    while (!waiting.isEmpty() && channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0) {
      create(waiting.removeFirst());
    }
  }

  /** What the codec says of packets that are not for this connection, and of what ends it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failure = cause;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(cause());
  }

  /** Also of a connection that never came up, which the codec has not called active. */
  @Override
  public void channelUnregistered(ChannelHandlerContext context) {
    end(cause());
  }

  /** The connection could not be brought up. */
  void fail(Throwable cause) {
    failure = cause;
    end(cause());
  }

  /** The codec says no more than that the connection is over, and to its streams first. */
  @Override
  public boolean isResetBy(Runnable action) {
    if (!handshake.hasSucceeded() || !channel.isOpen()) {
      return false;
    }
    action.run();
    if (channel.isOpen()) {
      return false;
    }
    end(
        new ConnectionClosedException(
            "the peer no longer knows the connection; it was probably started again"));
    return true;
  }

  private void end(IOException cause) {
    if (ended != null) {
      return;
    }
    ended = cause;
    handshake.fail(cause);
    if (keepAlive != null) {
      keepAlive.cancel();
    }
    waiting.forEach(opened -> opened.completeExceptionally(cause));
    waiting.clear();
    incoming.add(Optional.empty());
  }

  private IOException cause() {
    if (closedHere) {
      return new ConnectionClosedException("this end closed the connection");
    }
    if (failure instanceof QuicClosedChannelException closed && closed.event() != null) {
      return told(closed.event());
    }
    if (farewell != null) {
      return told(farewell);
    }
    if (channel.isTimedOut() || failure instanceof ConnectTimeoutException) {
      return new SocketTimeoutException(
          "nothing came from the peer for " + settings.idleTimeout().toSeconds() + " s");
    }
    return switch (failure) {
      case null -> new ConnectionClosedException("the connection has ended");
      case SSLException tls ->
          new HandshakeException(
              HandshakeException.Reason.CRYPTO, "TLS failed: " + tls.getMessage(), tls);
      default -> new ConnectionClosedException("the connection failed: " + failure, failure);
    };
  }

  /** What the peer gave as its reason. */
  private static IOException told(QuicConnectionCloseEvent event) {
    if (event.isApplicationClose()) {
      return new ConnectionClosedException(
          event.error() == NO_ERROR
              ? "the peer closed the connection"
              : "the peer closed the connection (code " + event.error() + ")");
    }
    if (event.isTlsError()) {
      return new HandshakeException(
          HandshakeException.Reason.CLOSED,
          "the peer refused the handshake (TLS alert "
              + QuicConnectionCloseEvent.extractTlsError(event.error())
              + ")");
    }
    return new ConnectionClosedException(
        event.error() == CONNECTION_REFUSED
            ? "the peer refused the connection"
            : "the peer ended the connection (QUIC error " + event.error() + ")");
  }

  @Override
  public String toString() {
    return "QUIC connection with " + remote;
  }
}
