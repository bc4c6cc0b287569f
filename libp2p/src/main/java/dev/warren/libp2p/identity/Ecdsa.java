package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;

/**
 * ECDSA keys on the NIST curves: specs, peer-ids, "ECDSA".
 *
 * <p>P-256 is what the implementations make and all that some of them read; the larger two are
 * accepted because go peers may have them. The public key is PKIX. The private key is, whatever the
 * specification says of PKIX, the {@code ECPrivateKey} of RFC 5915, as its test vectors show.
 */
final class Ecdsa {
  /** A key on P-521 has 158 bytes as a public and 223 as a private key. */
  private static final int MAX_BYTES = 256;

  private Ecdsa() {}

  static PublicKey publicKey(byte[] data) {
    requireBounded(data);
    ECPublicKey key;
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      ECPublicKey parsed = (ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(data));
      NistCurve curve = NistCurve.of(parsed.getParams());
      curve.requireOnCurve(parsed.getW());
      key =
          (ECPublicKey)
              factory.generatePublic(new ECPublicKeySpec(parsed.getW(), curve.parameters()));
    } catch (MalformedException e) {
      throw e;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new MalformedException("not an ECDSA public key", e);
    }
    if (!Arrays.equals(key.getEncoded(), data)) {
      throw new MalformedException("ECDSA public key in an unusual encoding");
    }
    return publicKey(key);
  }

  private static PublicKey publicKey(ECPublicKey key) {
    return new PublicKey(
        KeyType.ECDSA,
        key.getEncoded(),
        (message, bytes) -> {
          Signature signature = Signature.getInstance("SHA256withECDSA");
          signature.initVerify(key);
          signature.update(message);
          return signature.verify(bytes);
        });
  }

  static PrivateKey generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(NistCurve.P256.parameters(), random);
      ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
      return privateKey(NistCurve.P256, key.getS(), NistCurve.P256.publicPoint(key.getS()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime cannot make an ECDSA key", e);
    }
  }

  static PrivateKey privateKey(byte[] data) {
    requireBounded(data);
    try {
      var parsed = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(data);
      NistCurve curve =
          NistCurve.of(ASN1ObjectIdentifier.getInstance(parsed.getParametersObject()));
      BigInteger secret = parsed.getKey();
      if (secret.signum() <= 0 || secret.compareTo(curve.parameters().getOrder()) >= 0) {
        throw new MalformedException("ECDSA private key outside its curve's order");
      }
      byte[] point = curve.publicPoint(secret);
      ASN1BitString statedPoint = parsed.getPublicKey();
      if (statedPoint != null && !Arrays.equals(statedPoint.getOctets(), point)) {
        throw new MalformedException("ECDSA private key with a public key that is not its own");
      }
      return privateKey(curve, secret, point);
    } catch (MalformedException e) {
      throw e;
    } catch (GeneralSecurityException | RuntimeException e) {
      // Without the cause: its text could carry parts of the secret into a log.
      throw new MalformedException("not an ECDSA private key");
    }
  }

  private static PrivateKey privateKey(NistCurve curve, BigInteger secret, byte[] point)
      throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("EC");
    java.security.PrivateKey key =
        factory.generatePrivate(new ECPrivateKeySpec(secret, curve.parameters()));
    ECPublicKey publicKey =
        (ECPublicKey)
            factory.generatePublic(new ECPublicKeySpec(curve.toPoint(point), curve.parameters()));
    return new PrivateKey(
        publicKey(publicKey),
        sec1(curve, secret, point),
        message -> {
          Signature signature = Signature.getInstance("SHA256withECDSA");
          signature.initSign(key);
          signature.update(message);
          return signature.sign();
        });
  }

  private static byte[] sec1(NistCurve curve, BigInteger secret, byte[] point) {
    int orderBits = curve.parameters().getOrder().bitLength();
    try {
      return new org.bouncycastle.asn1.sec.ECPrivateKey(
              orderBits, secret, new DERBitString(point), curve.oid())
          .getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write an ECDSA key", e);
    }
  }

  private static void requireBounded(byte[] data) {
    if (data.length > MAX_BYTES) {
      throw new MalformedException(
          "ECDSA key of " + data.length + " bytes, more than " + MAX_BYTES);
    }
  }
}
