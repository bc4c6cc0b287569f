package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.SignatureException;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * Keys on Bitcoin's curve, which the JDK has no longer: specs, peer-ids, "Secp256k1"; BIP 62.
 *
 * <p>Signatures are deterministic (RFC 6979) and have the lower of the two possible values of S.
 * BIP 62 demands it, go and js write it, rust refuses anything else, and so does this class: with
 * both allowed, anyone could turn one valid signature into another.
 */
final class Secp256k1 {
  private static final int SECRET_BYTES = 32;
  private static final int COMPRESSED_BYTES = 33;

  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);
  private static final BigInteger HALF_ORDER = CURVE.getN().shiftRight(1);

  private Secp256k1() {}

  static PublicKey publicKey(byte[] data) {
    if (data.length != COMPRESSED_BYTES) {
      throw new MalformedException(
          "secp256k1 public key of " + data.length + " bytes, not " + COMPRESSED_BYTES);
    }
    ECPublicKeyParameters key;
    try {
      key = new ECPublicKeyParameters(CURVE.getCurve().decodePoint(data), DOMAIN);
    } catch (RuntimeException e) {
      throw new MalformedException("secp256k1 public key that is no point of the curve", e);
    }
    return publicKey(key);
  }

  private static PublicKey publicKey(ECPublicKeyParameters key) {
    return new PublicKey(
        KeyType.SECP256K1,
        key.getQ().getEncoded(true),
        (message, signature) -> verify(key, message, signature));
  }

  static PrivateKey generate(SecureRandom random) {
    BigInteger secret =
        BigIntegers.createRandomInRange(
            BigInteger.ONE, CURVE.getN().subtract(BigInteger.ONE), random);
    return privateKey(secret);
  }

  static PrivateKey privateKey(byte[] data) {
    if (data.length != SECRET_BYTES) {
      throw new MalformedException(
          "secp256k1 private key of " + data.length + " bytes, not " + SECRET_BYTES);
    }
    BigInteger secret = new BigInteger(1, data);
    if (secret.signum() == 0 || secret.compareTo(CURVE.getN()) >= 0) {
      throw new MalformedException("secp256k1 private key outside the curve's order");
    }
    return privateKey(secret);
  }

  private static PrivateKey privateKey(BigInteger secret) {
    ECPrivateKeyParameters key = new ECPrivateKeyParameters(secret, DOMAIN);
    ECPublicKeyParameters publicKey =
        new ECPublicKeyParameters(multiplyBase(CURVE, secret), DOMAIN);
    return new PrivateKey(
        publicKey(publicKey),
        BigIntegers.asUnsignedByteArray(SECRET_BYTES, secret),
        message -> sign(key, message));
  }

  private static byte[] sign(ECPrivateKeyParameters key, byte[] message)
      throws GeneralSecurityException {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, key);
    BigInteger[] rs = signer.generateSignature(sha256(message));
    BigInteger s = rs[1].compareTo(HALF_ORDER) > 0 ? CURVE.getN().subtract(rs[1]) : rs[1];
    try {
      return StandardDSAEncoding.INSTANCE.encode(CURVE.getN(), rs[0], s);
    } catch (IOException e) {
      throw new SignatureException(e);
    }
  }

  private static boolean verify(ECPublicKeyParameters key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    BigInteger[] rs;
    try {
      rs = StandardDSAEncoding.INSTANCE.decode(CURVE.getN(), signature);
    } catch (IOException e) {
      throw new SignatureException(e);
    }
    if (rs[1].compareTo(HALF_ORDER) > 0) {
      return false;
    }
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(false, key);
    return verifier.verifySignature(sha256(message), rs[0], rs[1]);
  }

  /** In constant time: what is multiplied is a secret. */
  static ECPoint multiplyBase(X9ECParameters curve, BigInteger secret) {
    return new FixedPointCombMultiplier().multiply(curve.getG(), secret).normalize();
  }

  private static byte[] sha256(byte[] message) throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(message);
  }
}
