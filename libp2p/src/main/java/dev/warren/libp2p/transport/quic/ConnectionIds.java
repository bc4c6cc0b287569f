package dev.warren.libp2p.transport.quic;

import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Random connection ids that fit a long, so that looking one up costs nothing. */
final class ConnectionIds implements QuicConnectionIdGenerator {
  /** RFC 9000 §7.2 wants 8 bytes of unpredictable ids. */
  static final int BYTES = Long.BYTES;

  private final SecureRandom random = new SecureRandom();
  private ByteBuffer latest = ByteBuffer.allocate(0); // owned by the event loop

  ByteBuffer next() {
    byte[] id = new byte[BYTES];
    random.nextBytes(id);
    return ByteBuffer.wrap(id);
  }

  /** The one that the codec was given last. */
  ByteBuffer latest() {
    return latest;
  }

  @Override
  public ByteBuffer newId(int length) {
    latest = next();
    return latest.duplicate();
  }

  @Override
  public ByteBuffer newId(ByteBuffer input, int length) {
    return newId(length);
  }

  @Override
  public int maxConnectionIdLength() {
    return BYTES;
  }

  @Override
  public boolean isIdempotent() {
    return false;
  }
}
