package dev.warren.libp2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

/**
 * Lets one socket listen and dial, for which the codec has two handlers: a server's, which dials
 * nobody, and behind it a client's, which knows nobody who was not dialed. A packet for a
 * connection that was dialed, as its destination connection id says, is passed on from the server's
 * place in the pipeline and so reaches the client; all others go to the server. Lives on the event
 * loop.
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

  private final ChannelHandler server;
  private final LongObjectMap<Boolean> dialed = new LongObjectHashMap<>();

  private boolean accepting;

  Demultiplexer(ChannelHandler server) {
    this.server = server;
  }

  void addDialed(long connectionId) {
    dialed.put(connectionId, Boolean.TRUE);
  }

  void removeDialed(long connectionId) {
    dialed.remove(connectionId);
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
    } else if (isInitial(first) && (!accepting || bytes.readableBytes() < MIN_INITIAL_BYTES)) {
      packet.release();
    } else {
      context.fireChannelRead(packet);
    }
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
  }
}
