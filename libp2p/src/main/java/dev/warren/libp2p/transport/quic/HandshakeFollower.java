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
 * one round trip, and what its peer sends right behind, be it in the same datagram, is understood.
 * Lives on the event loop.
 */
final class HandshakeFollower extends ChannelInboundHandlerAdapter {
  /** RFC 9000 §17.2. */
  private static final int LONG_HEADER = 0x80;

  private static final int PACKET_TYPE = 0x30;
  private static final int HANDSHAKE = 0x20;
  private static final int ID_LENGTH_AT = 5;
  private static final int ID_AT = 6;

  private final List<ChannelHandler> codecs;

  HandshakeFollower(ChannelHandler... codecs) {
    this.codecs = List.of(codecs);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var packet = (DatagramPacket) message;
    ByteBuf bytes = packet.content();
    int start = bytes.readerIndex();
    if (bytes.readableBytes() < ID_AT + ConnectionIds.BYTES
        || (bytes.getByte(start) & LONG_HEADER) == 0
        || bytes.getByte(start + ID_LENGTH_AT) != ConnectionIds.BYTES) {
      context.fireChannelRead(packet);
      return;
    }
    byte[] id = new byte[ConnectionIds.BYTES];
    bytes.getBytes(start + ID_AT, id);
    int first = lengthOfHandshakePacket(bytes);
    if (first > 0 && first < bytes.readableBytes()) {
      context.fireChannelRead(packet.replace(bytes.readRetainedSlice(first)));
      goOn(id);
    }
    context.fireChannelRead(packet);
    goOn(id);
  }

  private void goOn(byte[] id) {
    codecs.forEach(codec -> HandshakeCheck.goOn(codec, ByteBuffer.wrap(id)));
  }

  /** How long the first packet is, if it is one that ends a handshake (§17.2.4); 0 if not. */
  private static int lengthOfHandshakePacket(ByteBuf datagram) {
    ByteBuf bytes = datagram.slice();
    try {
      if ((bytes.readUnsignedByte() & PACKET_TYPE) != HANDSHAKE) {
        return 0;
      }
      bytes.skipBytes(ID_LENGTH_AT - 1);
      bytes.skipBytes(bytes.readUnsignedByte());
      bytes.skipBytes(bytes.readUnsignedByte());
      long length = readVarint(bytes);
      return (int) Math.min(bytes.readerIndex() + length, datagram.readableBytes());
    } catch (IndexOutOfBoundsException e) {
      return 0; // the codec drops it
    }
  }

  /** RFC 9000 §16. */
  private static long readVarint(ByteBuf bytes) {
    int first = bytes.readUnsignedByte();
    long value = first & 0x3f;
    for (int more = (1 << (first >> 6)) - 1; more > 0; more--) {
      value = value << 8 | bytes.readUnsignedByte();
    }
    return value;
  }
}
