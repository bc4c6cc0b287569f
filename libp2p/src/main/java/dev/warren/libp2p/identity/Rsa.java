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
      var numbers = org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(data);
      requireUsable(numbers.getModulus(), numbers.getPublicExponent());
      return privateKey(
          (RSAPrivateCrtKey)
              KeyFactory.getInstance("RSA")
                  .generatePrivate(
                      new RSAPrivateCrtKeySpec(
                          numbers.getModulus(),
                          numbers.getPublicExponent(),
                          numbers.getPrivateExponent(),
                          numbers.getPrime1(),
                          numbers.getPrime2(),
                          numbers.getExponent1(),
                          numbers.getExponent2(),
                          numbers.getCoefficient())));
    } catch (MalformedException e) {
      throw e;
    } catch (GeneralSecurityException | RuntimeException e) {
      // Without the cause: its text could carry parts of the secret into a log.
      throw new MalformedException("not an RSA private key");
    }
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
}
