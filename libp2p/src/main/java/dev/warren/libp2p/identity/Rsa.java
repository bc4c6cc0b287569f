package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;

/** RSA keys: specs, peer-ids, "RSA"; PKIX and PKCS #1 in DER; RFC 8017 signatures on SHA-256. */
final class Rsa {
  private static final int MIN_BITS = 2048;
  private static final int MAX_BITS = 8192;
  private static final int GENERATED_BITS = 2048;

  /** A key of 8192 bits with the longest exponent that is accepted; longer is not even parsed. */
  private static final int MAX_PUBLIC_BYTES = 1070;

  private static final int MAX_PRIVATE_BYTES = 4800;

  /** Go's limit. A peer that could choose a longer exponent would choose how long we compute. */
  private static final int MAX_EXPONENT_BITS = 31;

  private Rsa() {}

  static PublicKey publicKey(byte[] data) {
    // CVE-2023-39533: the bound on the bytes comes before any arithmetic on what is in them.
    if (data.length > MAX_PUBLIC_BYTES) {
      throw new MalformedException("RSA key of more than " + MAX_BITS + " bits");
    }
    RSAPublicKey key;
    try {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      key = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(data));
      requireUsable(key.getModulus(), key.getPublicExponent());
      key =
          (RSAPublicKey)
              factory.generatePublic(
                  new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    } catch (MalformedException e) {
      throw e;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new MalformedException("not an RSA public key", e);
    }
    if (!Arrays.equals(key.getEncoded(), data)) {
      throw new MalformedException("RSA public key in an unusual encoding");
    }
    return publicKey(key);
  }

  private static PublicKey publicKey(RSAPublicKey key) {
    return new PublicKey(
        KeyType.RSA,
        key.getEncoded(),
        (message, bytes) -> {
          Signature signature = Signature.getInstance("SHA256withRSA");
          signature.initVerify(key);
          signature.update(message);
          return signature.verify(bytes);
        });
  }

  static PrivateKey generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(GENERATED_BITS, random);
      return privateKey((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime cannot make an RSA key", e);
    }
  }

  static PrivateKey privateKey(byte[] data) {
    if (data.length > MAX_PRIVATE_BYTES) {
      throw new MalformedException("RSA key of more than " + MAX_BITS + " bits");
    }
    try {
      RSAPrivateCrtKeySpec numbers = numbers(data);
      requireUsable(numbers.getModulus(), numbers.getPublicExponent());
      requireConsistent(numbers);
      return privateKey((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(numbers));
    } catch (MalformedException e) {
      throw e;
    } catch (GeneralSecurityException | RuntimeException e) {
      // Without the cause: its text could carry parts of the secret into a log.
      throw new MalformedException("not an RSA private key");
    }
  }

  private static RSAPrivateCrtKeySpec numbers(byte[] pkcs1) {
    var parsed = org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(pkcs1);
    return new RSAPrivateCrtKeySpec(
        parsed.getModulus(),
        parsed.getPublicExponent(),
        parsed.getPrivateExponent(),
        parsed.getPrime1(),
        parsed.getPrime2(),
        parsed.getExponent1(),
        parsed.getExponent2(),
        parsed.getCoefficient());
  }

  private static PrivateKey privateKey(RSAPrivateCrtKey key) throws GeneralSecurityException {
    RSAPublicKey publicKey =
        (RSAPublicKey)
            KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    return new PrivateKey(
        publicKey(publicKey),
        pkcs1(key),
        message -> {
          Signature signature = Signature.getInstance("SHA256withRSA");
          signature.initSign(key);
          signature.update(message);
          return signature.sign();
        });
  }

  private static byte[] pkcs1(RSAPrivateCrtKey key) {
    try {
      return new org.bouncycastle.asn1.pkcs.RSAPrivateKey(
              key.getModulus(),
              key.getPublicExponent(),
              key.getPrivateExponent(),
              key.getPrimeP(),
              key.getPrimeQ(),
              key.getPrimeExponentP(),
              key.getPrimeExponentQ(),
              key.getCrtCoefficient())
          .getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write an RSA key", e);
    }
  }

  private static void requireUsable(BigInteger modulus, BigInteger exponent) {
    int bits = modulus.bitLength();
    if (modulus.signum() <= 0 || bits < MIN_BITS || bits > MAX_BITS) {
      throw new MalformedException(
          "RSA key of " + bits + " bits, outside " + MIN_BITS + " to " + MAX_BITS);
    }
    if (!modulus.testBit(0)) {
      throw new MalformedException("RSA key with an even modulus");
    }
    if (exponent.bitLength() > MAX_EXPONENT_BITS
        || exponent.compareTo(BigInteger.TWO) <= 0
        || !exponent.testBit(0)) {
      throw new MalformedException("RSA key with an unusable exponent");
    }
  }

  /** RFC 8017, section 3.2. A damaged key is better found when it is read than when it signs. */
  private static void requireConsistent(RSAPrivateCrtKeySpec key) {
    BigInteger p = key.getPrimeP();
    BigInteger q = key.getPrimeQ();
    BigInteger e = key.getPublicExponent();
    boolean consistent =
        p.compareTo(BigInteger.ONE) > 0
            && q.compareTo(BigInteger.ONE) > 0
            && p.multiply(q).equals(key.getModulus())
            && isInverse(key.getPrivateExponent(), e, p.subtract(BigInteger.ONE))
            && isInverse(key.getPrivateExponent(), e, q.subtract(BigInteger.ONE))
            && isInverse(key.getPrimeExponentP(), e, p.subtract(BigInteger.ONE))
            && isInverse(key.getPrimeExponentQ(), e, q.subtract(BigInteger.ONE))
            && isInverse(key.getCrtCoefficient(), q, p);
    if (!consistent) {
      throw new MalformedException("RSA private key whose numbers do not fit each other");
    }
  }

  private static boolean isInverse(BigInteger one, BigInteger other, BigInteger modulus) {
    return one.multiply(other).mod(modulus).equals(BigInteger.ONE);
  }
}
