package dev.warren.libp2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DatagramPacket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells who still sends for a connection that this host no longer knows, since it was started
 * again, that the connection is gone (RFC 9000 §10.3). Lives on the event loop.
 */
final class StatelessResets {
  /**
   * The least that is one, and all that we send. §10.3 would have it look like any other packet;
   * but it must be smaller than what it answers (§10.3.3), packets that keep a connection alive
   * have no more than 30 bytes, and of two hosts that were both started again none answers this
   * one.
   */
  static final int BYTES = 21;

  /** More than the peers of a busy relay send in a second, and little to compute and to send. */
  static final int MAX_A_SECOND = 1_000;

  private static final int SHORT_HEADER = 0x40;
  private static final int UNPREDICTABLE_BITS = 0x3f;

  private final ResetTokens tokens;
  private final LongSupplier nanoTime;
  private final SecureRandom random = new SecureRandom();
  private long secondBegan;
  private int sent;

  StatelessResets(ResetTokens tokens, LongSupplier nanoTime) {
    this.tokens = tokens;
    this.nanoTime = nanoTime;
    secondBegan = nanoTime.getAsLong();
  }

  /** The answer to a packet with a short header, if it is to have one. */
  Optional<DatagramPacket> answer(DatagramPacket packet, ByteBuffer connectionId) {
    if (packet.content().readableBytes() <= BYTES || !take()) {
      return Optional.empty();
    }
    byte[] reset = new byte[BYTES];
    random.nextBytes(reset);
    reset[0] = (byte) (SHORT_HEADER | (reset[0] & UNPREDICTABLE_BITS));
    tokens.newResetToken(connectionId).get(reset, BYTES - ResetTokens.BYTES, ResetTokens.BYTES);
    return Optional.of(new DatagramPacket(Unpooled.wrappedBuffer(reset), packet.sender()));
  }

  private boolean take() {
    long now = nanoTime.getAsLong();
    if (now - secondBegan >= TimeUnit.SECONDS.toNanos(1)) {
      secondBegan = now;
      sent = 0;
    }
    return sent++ < MAX_A_SECOND;
  }

  /**
   * What makes the codec compare the token at the end of a packet with that of a connection. It
   * does so with whatever it cannot decrypt, and would drop the packet as it came: the connection
   * id in a reset is random.
   */
  static DatagramPacket addressedTo(long connectionId, DatagramPacket packet) {
    ByteBuf bytes = packet.content();
    ByteBuf addressed =
        Unpooled.buffer()
            .writeByte(SHORT_HEADER)
            .writeLong(connectionId)
            .writeZero(ResetTokens.BYTES) // as long as what can be decrypted
            .writeBytes(bytes, bytes.writerIndex() - ResetTokens.BYTES, ResetTokens.BYTES);
    return new DatagramPacket(addressed, packet.recipient(), packet.sender());
  }
}
