package dev.warren.sharecodes.pake;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * The group of all points on P-256, whose order is prime: every point but infinity generates it.
 */
final class P256 {
  /** A compressed point: its sign and x. */
  static final int POINT_BYTES = 33;

  static final int SCALAR_BYTES = 32;

  private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("P-256");

  static final ECPoint GENERATOR = PARAMETERS.getG();
  static final BigInteger ORDER = PARAMETERS.getN();

  private P256() {}

  static byte[] encode(ECPoint point) {
    return point.getEncoded(true);
  }

  /** The point, of which there is this one encoding. */
  static ECPoint point(byte[] bytes, int at) throws PakeException.Malformed {
    byte[] encoded = Arrays.copyOfRange(bytes, at, at + POINT_BYTES);
    // The decoder would take a single zero for infinity and longer forms for points.
    if (encoded[0] != 2 && encoded[0] != 3) {
      throw new PakeException.Malformed("not a compressed point");
    }
    try {
      return PARAMETERS.getCurve().decodePoint(encoded);
    } catch (IllegalArgumentException e) {
      throw new PakeException.Malformed("not a point of the curve");
    }
  }

  static byte[] encode(BigInteger number) {
    return BigIntegers.asUnsignedByteArray(SCALAR_BYTES, number);
  }

  /** The number, of which there is this one encoding: a larger one would be the same again. */
  static BigInteger scalar(byte[] bytes, int at) throws PakeException.Malformed {
    BigInteger number = new BigInteger(1, bytes, at, SCALAR_BYTES);
    if (number.compareTo(ORDER) >= 0) {
      throw new PakeException.Malformed("not a number below the order of the curve");
    }
    return number;
  }
}
