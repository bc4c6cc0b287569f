package dev.warren.libp2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Lets one socket listen and dial, for which the codec has two handlers: a server's, which dials
 * nobody, and behind it a client's, which knows nobody who was not dialed. A packet for a
 * connection that was dialed, as its destination connection id says, is passed on from the server's
 * place in the pipeline and so reaches the client; all others go to the server. What belongs to no
 * connection may be a stateless reset for one that was dialed, or is answered with one. Lives on
 * the event loop.
 */
final class Demultiplexer extends ChannelInboundHandlerAdapter {
  /** RFC 9000 §17.2 and §17.3. */
  private static final int LONG_HEADER = 0x80;

  /** Always set; what punches a hole, being random, lacks it every other time. */
  private static final int FIXED_BIT = 0x40;

  private static final int PACKET_TYPE = 0x30;
  private static final int INITIAL = 0x00;
  private static final int SHORT_ID_AT = 1;
  private static final int LONG_ID_LENGTH_AT = 5;
  private static final int LONG_ID_AT = 6;

  /** RFC 9000 §14.1: a smaller datagram cannot begin a connection, and is not worth an answer. */
  private static final int MIN_INITIAL_BYTES = 1200;

  /** There is seldom a second connection with one address; each costs a decryption. */
  private static final int MAX_OFFERS = 4;

  private final ChannelHandler server;
  private final Predicate<ByteBuffer> atServer;
  private final StatelessResets resets;
  private final LongObjectMap<Boolean> dialed = new LongObjectHashMap<>();
  private final Map<InetSocketAddress, Map<Long, Dialed>> dialedByRemote = new HashMap<>();

  private List<Runnable> afterReads = new ArrayList<>();
  private boolean accepting;

  /** A connection that was dialed. */
  @FunctionalInterface
  interface Dialed {
    /** Whether the connection ends by what the action hands to the codec. */
    boolean isResetBy(Runnable action);
  }

  /**
   * @param atServer whether the server has a connection with this id
   */
  Demultiplexer(ChannelHandler server, Predicate<ByteBuffer> atServer, StatelessResets resets) {
    this.server = server;
    this.atServer = atServer;
    this.resets = resets;
  }

  void addDialed(long connectionId, InetSocketAddress remote, Dialed connection) {
    dialed.put(connectionId, Boolean.TRUE);
    dialedByRemote.computeIfAbsent(remote, _ -> new HashMap<>()).put(connectionId, connection);
  }

  /** The connection is over; what still comes for it belongs to it all the same. */
  void endDialed(long connectionId, InetSocketAddress remote) {
    dialedByRemote.computeIfPresent(
        remote,
        (_, connections) -> {
          connections.remove(connectionId);
          return connections.isEmpty() ? null : connections;
        });
  }

  void removeDialed(long connectionId) {
    dialed.remove(connectionId);
  }

  /** Runs the action, once, when the codec has looked at all that comes in next. */
  void afterNextReads(Runnable action) {
    afterReads.add(action);
  }

  /** Whether the first packet of a connection that is new to us is worth looking at. */
  void setAccepting(boolean accepting) {
    this.accepting = accepting;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    ByteBuf bytes = packet.content();
    int first = bytes.isReadable() ? bytes.getUnsignedByte(bytes.readerIndex()) : 0;
    if ((first & FIXED_BIT) == 0) {
      packet.release();
    } else if (isForDialed(bytes, first)) {
      context.pipeline().context(server).fireChannelRead(packet);
    } else if (isInitial(first)
        && (!accepting || bytes.readableBytes() < MIN_INITIAL_BYTES || takesOver(bytes))) {
      packet.release();
    } else if ((first & LONG_HEADER) == 0 && !isAtServer(bytes, SHORT_ID_AT, ConnectionIds.BYTES)) {
      try {
        handleStray(context, packet);
      } finally {
        packet.release();
      }
    } else {
      context.fireChannelRead(packet);
    }
  }

  private boolean isAtServer(ByteBuf bytes, int idAt, int length) {
    return bytes.readableBytes() >= idAt + length
        && atServer.test(bytes.nioBuffer(bytes.readerIndex() + idAt, length));
  }

  /**
   * Who comes with an address token gets the connection id that the one it comes to begins with,
   * and with it the packets, and the reset token, of whoever has that already.
   */
  private boolean takesOver(ByteBuf bytes) {
    int length = bytes.getUnsignedByte(bytes.readerIndex() + LONG_ID_LENGTH_AT);
    return length > ConnectionIds.BYTES
        && isAtServer(bytes, LONG_ID_AT, ConnectionIds.BYTES)
        && !isAtServer(bytes, LONG_ID_AT, length);
  }

  /** RFC 9000 §10.3: resets look like packets with a short header, and answer such alone. */
  @SuppressWarnings("FutureReturnValueIgnored") // a datagram may be lost
  private void handleStray(ChannelHandlerContext context, DatagramPacket packet) {
    ByteBuf bytes = packet.content();
    if (bytes.readableBytes() >= StatelessResets.BYTES && !isReset(context, packet) && accepting) {
      ByteBuffer id = bytes.nioBuffer(bytes.readerIndex() + SHORT_ID_AT, ConnectionIds.BYTES);
      resets.answer(packet, id).ifPresent(context::writeAndFlush);
    }
  }

  private boolean isReset(ChannelHandlerContext context, DatagramPacket packet) {
    return dialedByRemote.getOrDefault(packet.sender(), Map.of()).entrySet().stream()
        .limit(MAX_OFFERS)
        .toList() // a connection that ends is removed
        .stream()
        .anyMatch(it -> it.getValue().isResetBy(() -> offer(context, packet, it.getKey())));
  }

  private void offer(ChannelHandlerContext context, DatagramPacket packet, long connectionId) {
    ChannelHandlerContext beforeClient = context.pipeline().context(server);
    beforeClient.fireChannelRead(StatelessResets.addressedTo(connectionId, packet));
    beforeClient.fireChannelReadComplete();
  }

  private boolean isForDialed(ByteBuf bytes, int first) {
    int start = bytes.readerIndex();
    int idAt = (first & LONG_HEADER) == 0 ? SHORT_ID_AT : LONG_ID_AT;
    if (bytes.readableBytes() < idAt + ConnectionIds.BYTES
        || (idAt == LONG_ID_AT
            && bytes.getUnsignedByte(start + LONG_ID_LENGTH_AT) != ConnectionIds.BYTES)) {
      return false;
    }
    return dialed.containsKey(bytes.getLong(start + idAt));
  }

  private static boolean isInitial(int first) {
    return (first & (LONG_HEADER | PACKET_TYPE)) == (LONG_HEADER | INITIAL);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    context.pipeline().context(server).fireChannelReadComplete();
    List<Runnable> due = afterReads;
    afterReads = new ArrayList<>();
    for (Runnable action : due) {
      try {
        action.run();
      } catch (RuntimeException | OutOfMemoryError e) { // of one connection, and not of the others
        context.fireExceptionCaught(e);
      }
    }
  }
}
