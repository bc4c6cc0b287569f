package dev.warren.libp2p.security.tls;

import dev.warren.libp2p.identity.PrivateKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The certificate with which a host says who it is, and its key: ECDSA on P-256, which every
 * implementation of TLS has and which is cheap to sign with.
 *
 * @param certificate self-signed, with the host key in an extension
 * @param key what signs the handshake; made for the occasion and unrelated to the host key
 */
public record HostCertificate(X509Certificate certificate, java.security.PrivateKey key) {
  private static final AlgorithmIdentifier ECDSA_WITH_SHA256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  /** RFC 5280 wants a name, and nobody looks at it. */
  private static final X500Name NAME = new X500Name("O=libp2p.io");

  /** The certificate lives as long as the process; bounds near to now only fail on wrong clocks. */
  private static final Time NOT_BEFORE = time("1975-01-01T00:00:00Z");

  private static final Time NOT_AFTER = time("4096-01-01T00:00:00Z");

  private static final int SERIAL_NUMBER_BITS = 64;

  /** Makes the certificate of a host. */
  public static HostCertificate of(PrivateKey hostKey) {
    try {
      var random = new SecureRandom();
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      TBSCertificate toBeSigned = describe(hostKey, pair.getPublic().getEncoded(), random);
      byte[] encoded = sign(toBeSigned, pair.getPrivate());
      return new HostCertificate(parse(encoded), pair.getPrivate());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the Java runtime cannot make a certificate", e);
    }
  }

  private static TBSCertificate describe(
      PrivateKey hostKey, byte[] certificateKey, SecureRandom random) throws IOException {
    var signed =
        new SignedKey(
            hostKey.publicKey().toProtobuf(), hostKey.sign(SignedKey.message(certificateKey)));
    var generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(new BigInteger(SERIAL_NUMBER_BITS, random)));
    generator.setSignature(ECDSA_WITH_SHA256);
    generator.setIssuer(NAME);
    generator.setSubject(NAME);
    generator.setStartDate(NOT_BEFORE);
    generator.setEndDate(NOT_AFTER);
    generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(certificateKey));
    generator.setExtensions(
        new Extensions(
            new Extension(
                new ASN1ObjectIdentifier(SignedKey.EXTENSION_OID), false, signed.encode())));
    return generator.generateTBSCertificate();
  }

  private static byte[] sign(TBSCertificate toBeSigned, java.security.PrivateKey key)
      throws GeneralSecurityException, IOException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(toBeSigned.getEncoded(ASN1Encoding.DER));
    return new DERSequence(
            new ASN1Encodable[] {toBeSigned, ECDSA_WITH_SHA256, new DERBitString(signature.sign())})
        .getEncoded(ASN1Encoding.DER);
  }

  private static X509Certificate parse(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static Time time(String instant) {
    return new Time(Date.from(Instant.parse(instant)));
  }
}
