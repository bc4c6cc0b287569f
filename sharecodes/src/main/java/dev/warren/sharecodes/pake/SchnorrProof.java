package dev.warren.sharecodes.pake;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.agreement.ecjpake.ECJPAKEUtil;
import org.bouncycastle.crypto.agreement.ecjpake.ECSchnorrZKP;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Proof that its maker knows the {@code x} of a public point {@code X = G·x}, which shows nothing
 * of {@code x} (RFC 8235, section 3).
 *
 * <p>Bouncy Castle makes them. It offers no way to build one of received bytes, which is why the
 * two lines of mathematics that check one are here.
 *
 * @param commitment {@code V = G·v}
 * @param response {@code r = v - x·h mod n}
 */
record SchnorrProof(ECPoint commitment, BigInteger response) {
  static final int BYTES = P256.POINT_BYTES + P256.SCALAR_BYTES;

  /** Proves that {@code exponent} leads from the generator to the point, in the maker's name. */
  static SchnorrProof make(
      ECPoint generator, BigInteger exponent, ECPoint point, String maker, SecureRandom random) {
    ECSchnorrZKP proof =
        ECJPAKEUtil.calculateZeroKnowledgeProof(
            generator, P256.ORDER, exponent, point, SHA256Digest.newInstance(), maker, random);
    return new SchnorrProof(proof.getV(), proof.getr());
  }

  /**
   * Section 3.3 of RFC 8235: {@code V = G·r + X·h}. What else it demands holds of every decoded
   * point: it is on the curve, not infinity, and of the curve's order.
   */
  boolean holds(ECPoint generator, ECPoint point, String maker) {
    if (generator.isInfinity() || point.isInfinity()) {
      return false;
    }
    BigInteger challenge = challenge(generator, point, maker);
    return commitment.equals(generator.multiply(response).add(point.multiply(challenge)));
  }

  /**
   * The hash of everything, each part behind its length, as Bouncy Castle makes it: it takes the
   * hash for a signed number.
   */
  private BigInteger challenge(ECPoint generator, ECPoint point, String maker) {
    MessageDigest digest = KeySchedule.sha256();
    updateWithLength(digest, P256.encode(generator));
    updateWithLength(digest, P256.encode(commitment));
    updateWithLength(digest, P256.encode(point));
    updateWithLength(digest, maker.getBytes(StandardCharsets.UTF_8));
    return new BigInteger(digest.digest()).mod(P256.ORDER);
  }

  private static void updateWithLength(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
    digest.update(part);
  }

  void write(ByteBuffer out) {
    out.put(P256.encode(commitment)).put(P256.encode(response));
  }

  static SchnorrProof read(byte[] bytes, int at) throws PakeException.Malformed {
    return new SchnorrProof(P256.point(bytes, at), P256.scalar(bytes, at + P256.POINT_BYTES));
  }
}
