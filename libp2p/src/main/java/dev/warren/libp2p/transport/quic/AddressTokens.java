package dev.warren.libp2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens by which a peer proves, while there are many handshakes, that it gets what is sent to the
 * address that it claims: RFC 9000 §8.1.2. A token is the time, a code over time, address and
 * connection id, and the id itself. Used on the event loop alone.
 */
final class AddressTokens implements QuicTokenHandler {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int CODE_BYTES = 32;
  private static final int PREFIX_BYTES = Long.BYTES + CODE_BYTES;

  /** RFC 9000 §17.2: of version 1. */
  private static final int MAX_ID_BYTES = 20;

  /** A client answers a Retry at once; this leaves it time to repeat what was lost. */
  private static final long LIFETIME_NANOS = 10_000_000_000L;

  private final BooleanSupplier required;
  private final LongSupplier nanoTime;
  private final Mac mac;

  /**
   * @param required whether who comes without a token is to get one
   */
  AddressTokens(BooleanSupplier required, LongSupplier nanoTime) {
    this.required = required;
    this.nanoTime = nanoTime;
    byte[] key = new byte[CODE_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + ALGORITHM, e);
    }
  }

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
    if (!required.getAsBoolean()) {
      return false;
    }
    byte[] id = bytes(connectionId);
    long now = nanoTime.getAsLong();
    out.writeLong(now).writeBytes(code(now, address, id)).writeBytes(id);
    return true;
  }

  /**
   * Where in the token the connection id begins.
   *
   * <p>"If the token is invalid, then the server SHOULD proceed as if the client did not have a
   * validated address" (§8.1.3): those of other servers come too, since implementations such as
   * quinn keep them by a name that all servers of libp2p share. In such a token an id of no bytes
   * is found at its end, which is none. While a token is required -1 has the packet dropped, since
   * there is no way to answer it with a Retry.
   */
  @Override
  public int validateToken(ByteBuf token, InetSocketAddress address) {
    if (isOurs(token, address)) {
      return PREFIX_BYTES;
    }
    return required.getAsBoolean() ? -1 : token.readableBytes();
  }

  private boolean isOurs(ByteBuf token, InetSocketAddress address) {
    int length = token.readableBytes();
    if (length < PREFIX_BYTES || length > maxTokenLength()) {
      return false;
    }
    byte[] all = bytes(token);
    long issued = ByteBuffer.wrap(all).getLong();
    byte[] code = Arrays.copyOfRange(all, Long.BYTES, PREFIX_BYTES);
    byte[] id = Arrays.copyOfRange(all, PREFIX_BYTES, all.length);
    boolean ours = MessageDigest.isEqual(code, code(issued, address, id));
    return ours && nanoTime.getAsLong() - issued <= LIFETIME_NANOS;
  }

  @Override
  public int maxTokenLength() {
    return PREFIX_BYTES + MAX_ID_BYTES;
  }

  private byte[] code(long issued, InetSocketAddress address, byte[] id) {
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, issued));
    mac.update(ByteBuffer.allocate(Short.BYTES).putShort(0, (short) address.getPort()));
    byte[] ip = address.getAddress().getAddress();
    mac.update((byte) ip.length);
    mac.update(ip);
    return mac.doFinal(id);
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }
}
