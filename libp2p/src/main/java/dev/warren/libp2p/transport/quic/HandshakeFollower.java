package dev.warren.libp2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.HandshakeCheck;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Lets the codecs go on with a handshake after each packet of one, so that a connection is up in
 * one round trip, and what its peer sends right behind is understood. Lives on the event loop.
 */
final class HandshakeFollower extends ChannelInboundHandlerAdapter {
  /** RFC 9000 §17.2. */
  private static final int LONG_HEADER = 0x80;

  private static final int ID_LENGTH_AT = 5;
  private static final int ID_AT = 6;

  private final List<ChannelHandler> codecs;

  HandshakeFollower(ChannelHandler... codecs) {
    this.codecs = List.of(codecs);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = ((DatagramPacket) message).content();
    int start = bytes.readerIndex();
    if (bytes.readableBytes() < ID_AT + ConnectionIds.BYTES
        || (bytes.getByte(start) & LONG_HEADER) == 0
        || bytes.getByte(start + ID_LENGTH_AT) != ConnectionIds.BYTES) {
      context.fireChannelRead(message);
    } else {
      byte[] id = new byte[ConnectionIds.BYTES];
      bytes.getBytes(start + ID_AT, id);
      context.fireChannelRead(message);
      codecs.forEach(codec -> HandshakeCheck.goOn(codec, ByteBuffer.wrap(id)));
    }
  }
}
