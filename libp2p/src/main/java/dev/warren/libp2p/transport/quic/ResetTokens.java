package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.identity.PrivateKey;
import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The stateless reset tokens of a socket (RFC 9000 §10.3.2): computed from the connection id by a
 * secret that outlives the process, so that the host knows them when it was started again. Lives on
 * the event loop.
 *
 * <p>The socket's address goes in too. Whoever knows the id of another's connection could otherwise
 * show it to a second socket of the host, which does not know it, and get the token that ends the
 * connection (§21.11).
 */
final class ResetTokens implements QuicResetTokenGenerator {
  static final int BYTES = 16;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final byte[] LABEL =
      "stateless resets of a libp2p host".getBytes(StandardCharsets.US_ASCII);

  private final Mac mac;
  private final Supplier<InetSocketAddress> local;

  ResetTokens(SecretKey key, Supplier<InetSocketAddress> local) {
    this.local = local;
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** The key for all tokens of a host. */
  static SecretKey key(PrivateKey hostKey) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              ALGORITHM,
              HKDFParameterSpec.ofExtract()
                  .addIKM(hostKey.toProtobuf())
                  .thenExpand(LABEL, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF with SHA-256", e);
    }
  }

  @Override
  public ByteBuffer newResetToken(ByteBuffer connectionId) {
    InetSocketAddress socket = local.get();
    mac.update(socket.getAddress().getAddress());
    mac.update(ByteBuffer.allocate(Short.BYTES).putShort(0, (short) socket.getPort()));
    mac.update((byte) connectionId.remaining());
    mac.update(connectionId);
    return ByteBuffer.wrap(mac.doFinal(), 0, BYTES);
  }
}
