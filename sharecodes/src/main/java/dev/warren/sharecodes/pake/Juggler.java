package dev.warren.sharecodes.pake;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.agreement.ecjpake.ECJPAKEUtil;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The first two rounds of one side, which are alike for both (RFC 8236, section 3.1).
 *
 * <p>The names of the variables are those that the RFC gives to Alice: hers are {@code x1} and
 * {@code x2}, the partner's points {@code G3} and {@code G4}. The steps are called in the order in
 * which they stand here, which the two sides see to.
 */
final class Juggler {
  /** {@code G1, G2, proof of x1, proof of x2}. */
  static final int ROUND_1_BYTES = 2 * P256.POINT_BYTES + 2 * SchnorrProof.BYTES;

  /** {@code A, proof of x2·s}. */
  static final int ROUND_2_BYTES = P256.POINT_BYTES + SchnorrProof.BYTES;

  private final String name;
  private final String partnerName;
  private final BigInteger s;
  private final SecureRandom random;
  private final BigInteger x1;
  private final BigInteger x2;
  private final ECPoint g1;
  private final ECPoint g2;
  private ECPoint g3 = P256.GENERATOR;
  private ECPoint g4 = P256.GENERATOR;
  private ECPoint b = P256.GENERATOR;

  Juggler(String name, String partnerName, byte[] password, SecureRandom random) {
    this.name = name;
    this.partnerName = partnerName;
    this.random = random;
    try {
      this.s = ECJPAKEUtil.calculateS(P256.ORDER, password);
    } catch (CryptoException e) {
      throw new IllegalArgumentException("a password that is a multiple of the order", e);
    }
    this.x1 = ECJPAKEUtil.generateX1(P256.ORDER, random);
    this.x2 = ECJPAKEUtil.generateX1(P256.ORDER, random);
    this.g1 = ECJPAKEUtil.calculateGx(P256.GENERATOR, x1);
    this.g2 = ECJPAKEUtil.calculateGx(P256.GENERATOR, x2);
  }

  byte[] round1() {
    ByteBuffer out = ByteBuffer.allocate(ROUND_1_BYTES);
    out.put(P256.encode(g1)).put(P256.encode(g2));
    SchnorrProof.make(P256.GENERATOR, x1, g1, name, random).write(out);
    SchnorrProof.make(P256.GENERATOR, x2, g2, name, random).write(out);
    return out.array();
  }

  /** Reads the partner's first round from the beginning of a message. */
  void readRound1(byte[] message) throws PakeException.Malformed {
    g3 = P256.point(message, 0);
    g4 = P256.point(message, P256.POINT_BYTES);
    SchnorrProof proof3 = SchnorrProof.read(message, 2 * P256.POINT_BYTES);
    SchnorrProof proof4 = SchnorrProof.read(message, 2 * P256.POINT_BYTES + SchnorrProof.BYTES);
    if (!proof3.holds(P256.GENERATOR, g3, partnerName)
        || !proof4.holds(P256.GENERATOR, g4, partnerName)) {
      throw new PakeException.Malformed("proof of round 1 that does not hold");
    }
  }

  byte[] round2() {
    ECPoint generator = ECJPAKEUtil.calculateGA(g1, g3, g4);
    BigInteger x2s = ECJPAKEUtil.calculateX2s(P256.ORDER, x2, s);
    ECPoint a = ECJPAKEUtil.calculateA(generator, x2s);
    ByteBuffer out = ByteBuffer.allocate(ROUND_2_BYTES);
    out.put(P256.encode(a));
    SchnorrProof.make(generator, x2s, a, name, random).write(out);
    return out.array();
  }

  /** Reads the partner's second round from within a message. */
  void readRound2(byte[] message, int at) throws PakeException.Malformed {
    b = P256.point(message, at);
    SchnorrProof proof = SchnorrProof.read(message, at + P256.POINT_BYTES);
    if (!proof.holds(ECJPAKEUtil.calculateGA(g3, g1, g2), b, partnerName)) {
      throw new PakeException.Malformed("proof of round 2 that does not hold");
    }
  }

  /** The coordinate that both sides get to if and only if they know the same secret. */
  byte[] keyingMaterial() {
    return P256.encode(ECJPAKEUtil.calculateKeyingMaterial(P256.ORDER, g4, x2, s, b));
  }
}
