package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.MalformedException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.List;
import java.util.function.Predicate;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/** A curve that {@link Ecdsa} keys may be on, as the JDK and Bouncy Castle know it. */
record NistCurve(ASN1ObjectIdentifier oid, ECParameterSpec parameters) {
  static final NistCurve P256 = named("secp256r1", SECObjectIdentifiers.secp256r1);

  private static final List<NistCurve> ALL =
      List.of(
          P256,
          named("secp384r1", SECObjectIdentifiers.secp384r1),
          named("secp521r1", SECObjectIdentifiers.secp521r1));

  private static NistCurve named(String name, ASN1ObjectIdentifier oid) {
    try {
      AlgorithmParameters lookup = AlgorithmParameters.getInstance("EC");
      lookup.init(new ECGenParameterSpec(name));
      return new NistCurve(oid, lookup.getParameterSpec(ECParameterSpec.class));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks the curve " + name, e);
    }
  }

  static NistCurve of(ECParameterSpec parameters) {
    return first(curve -> curve.parameters.getCurve().equals(parameters.getCurve()));
  }

  static NistCurve of(ASN1ObjectIdentifier oid) {
    return first(curve -> curve.oid.equals(oid));
  }

  private static NistCurve first(Predicate<NistCurve> wanted) {
    return ALL.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new MalformedException("ECDSA key on an unsupported curve"));
  }

  /** The public point of a secret, uncompressed: the JDK cannot derive it. */
  byte[] publicPoint(BigInteger secret) {
    return Secp256k1.multiplyBase(CustomNamedCurves.getByOID(oid), secret).getEncoded(false);
  }

  ECPoint toPoint(byte[] uncompressed) {
    int size = (uncompressed.length - 1) / 2;
    return new ECPoint(
        new BigInteger(1, uncompressed, 1, size), new BigInteger(1, uncompressed, 1 + size, size));
  }

  /** The JDK's parser takes any two numbers, and a point beside the curve proves nothing. */
  void requireOnCurve(ECPoint point) {
    EllipticCurve curve = parameters.getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger ySquared = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
    if (x.compareTo(p) >= 0
        || y.compareTo(p) >= 0
        || !y.multiply(y).subtract(ySquared).mod(p).equals(BigInteger.ZERO)) {
      throw new MalformedException("ECDSA key that is no point of its curve");
    }
  }
}
