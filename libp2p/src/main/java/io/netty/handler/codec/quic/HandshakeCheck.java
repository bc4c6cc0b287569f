package io.netty.handler.codec.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Makes the codec go on with a handshake at once. It looks at a certificate after it has taken a
 * packet, goes on from there when all that has come in is taken, and so drops what came right
 * behind; and finds out that the handshake is over with the packet after that, a round trip later.
 * It shows that to nobody outside this package, hence a class of ours in it.
 */
public final class HandshakeCheck {
  /** The first byte of a packet (RFC 9000 §17.3) that is too short to be one. */
  private static final int NO_PACKET = 0x40;

  /** The peer's certificate, our own, and what follows. */
  private static final int STEPS = 3;

  private HandshakeCheck() {}

  /** To be called, on the event loop, after a packet with a long header for this connection. */
  public static void goOn(ChannelHandler codec, ByteBuffer connectionId) {
    QuicheQuicChannel channel = ((QuicheQuicCodec) codec).getChannel(connectionId);
    for (int step = 0; step < STEPS && channel != null && isUnderWay(channel); step++) {
      channel.writable(); // sends what there is to be sent, for which it goes on
      if (isUnderWay(channel)) {
        lookWhetherItIsOver(channel);
      }
    }
  }

  private static boolean isUnderWay(QuicheQuicChannel channel) {
    return channel.isOpen()
        && !channel.isActive()
        && channel.remoteSocketAddress() != null
        && channel.localSocketAddress() != null;
  }

  private static void lookWhetherItIsOver(QuicheQuicChannel channel) {
    ByteBuf nothing = channel.alloc().directBuffer(1).writeByte(NO_PACKET);
    try {
      channel.recv(
          (InetSocketAddress) channel.remoteSocketAddress(),
          (InetSocketAddress) channel.localSocketAddress(),
          nothing);
    } finally {
      nothing.release();
    }
  }
}
