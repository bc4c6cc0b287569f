package dev.warren.libp2p.security.tls;

import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.security.tls.InvalidCertificateException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Certificate;

/** Finds out from its certificate who a peer is. Specification: tls/tls.md. */
public final class PeerCertificate {
  /**
   * An RSA host key of 8192 bits and its signature take 2 kB, twice that with an RSA certificate.
   */
  static final int MAX_BYTES = 8192;

  private static final String PSS = "RSASSA-PSS";
  private static final X500Name SOME_NAME = new X500Name("O=libp2p");

  /** Hashes shorter than 256 bits prove nothing any more. */
  private static final Set<String> SIGNATURE_ALGORITHMS =
      Set.of(
          "SHA256withECDSA",
          "SHA384withECDSA",
          "SHA512withECDSA",
          "SHA256withRSA",
          "SHA384withRSA",
          "SHA512withRSA",
          PSS,
          "Ed25519",
          "EdDSA");

  /** A PSS signature names its hash among its parameters. */
  private static final Set<String> PSS_DIGESTS = Set.of("SHA-256", "SHA-384", "SHA-512");

  private PeerCertificate() {}

  /**
   * Verifies what a peer presented.
   *
   * <p>That the peer holds the certificate's key is for TLS to prove.
   *
   * @param chain the certificates as they came, in DER
   * @return the host key of the peer
   * @throws InvalidCertificateException when the peer is not to be talked to
   */
  public static PublicKey verify(List<byte[]> chain, Instant now)
      throws InvalidCertificateException {
    if (chain.size() != 1) {
      throw new InvalidCertificateException(
          Reason.NOT_EXACTLY_ONE, chain.size() + " certificates in place of one");
    }
    Certificate presented = structure(chain.getFirst());
    X509Certificate certificate = parse(presented);
    requireValidAt(now, certificate);
    requireKnownExtensions(certificate);
    requireSelfSigned(certificate, presented);
    return hostKey(certificate);
  }

  private static Certificate structure(byte[] encoded) throws InvalidCertificateException {
    if (encoded.length > MAX_BYTES) {
      throw new InvalidCertificateException(
          Reason.MALFORMED,
          "a certificate of " + encoded.length + " bytes, more than " + MAX_BYTES);
    }
    try {
      return Certificate.getInstance(encoded); // nothing may follow it
    } catch (RuntimeException e) {
      throw new InvalidCertificateException(Reason.MALFORMED, "no certificate of X.509", e);
    }
  }

  private static X509Certificate parse(Certificate presented) throws InvalidCertificateException {
    X509Certificate certificate;
    try {
      certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(named(presented)));
    } catch (CertificateException | IOException | RuntimeException e) {
      throw new InvalidCertificateException(Reason.MALFORMED, "no certificate of X.509", e);
    }
    if (certificate.getIssuerUniqueID() != null || certificate.getSubjectUniqueID() != null) {
      throw new InvalidCertificateException(
          Reason.MALFORMED, "a certificate with the deprecated unique ids");
    }
    return certificate;
  }

  /**
   * With names, which the JDK insists on and rust-libp2p leaves empty. Who a peer is does not
   * depend on them.
   */
  private static byte[] named(Certificate presented) throws IOException {
    var fields = (ASN1Sequence) presented.getTBSCertificate().toASN1Primitive();
    ASN1Encodable[] some = fields.toArray();
    int serial = some[0] instanceof ASN1TaggedObject ? 1 : 0; // RFC 5280 §4.1: behind the version
    some[serial + 2] = SOME_NAME;
    some[serial + 4] = SOME_NAME;
    return new DERSequence(
            new ASN1Encodable[] {
              new DERSequence(some), presented.getSignatureAlgorithm(), presented.getSignature()
            })
        .getEncoded(ASN1Encoding.DER);
  }

  private static void requireValidAt(Instant now, X509Certificate certificate)
      throws InvalidCertificateException {
    try {
      certificate.checkValidity(Date.from(now));
    } catch (CertificateException e) {
      throw new InvalidCertificateException(
          Reason.OUTSIDE_VALIDITY,
          "a certificate that is valid from %s until %s, and it is %s"
              .formatted(
                  certificate.getNotBefore().toInstant(),
                  certificate.getNotAfter().toInstant(),
                  now),
          e);
    }
  }

  private static void requireKnownExtensions(X509Certificate certificate)
      throws InvalidCertificateException {
    Set<String> critical = certificate.getCriticalExtensionOIDs();
    if (critical == null) { // there are no extensions at all
      return;
    }
    for (String oid : critical) {
      if (!oid.equals(SignedKey.EXTENSION_OID)) {
        throw new InvalidCertificateException(
            Reason.UNKNOWN_CRITICAL_EXTENSION, "a critical extension that is unknown: " + oid);
      }
    }
  }

  private static void requireSelfSigned(X509Certificate certificate, Certificate presented)
      throws InvalidCertificateException {
    String algorithm = certificate.getSigAlgName();
    if (!SIGNATURE_ALGORITHMS.contains(algorithm)) {
      throw new InvalidCertificateException(
          Reason.UNSUPPORTED_ALGORITHM, "a certificate signed by way of " + algorithm);
    }
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      if (algorithm.equals(PSS)) {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS);
        parameters.init(certificate.getSigAlgParams());
        PSSParameterSpec pss = parameters.getParameterSpec(PSSParameterSpec.class);
        if (!PSS_DIGESTS.contains(pss.getDigestAlgorithm())) {
          throw new InvalidCertificateException(
              Reason.UNSUPPORTED_ALGORITHM,
              "a certificate signed by way of " + PSS + " with " + pss.getDigestAlgorithm());
        }
        verifier.setParameter(pss);
      }
      verifier.update(presented.getTBSCertificate().getEncoded(ASN1Encoding.DER));
      if (verifier.verify(certificate.getSignature())) {
        return;
      }
    } catch (InvalidCertificateException e) {
      throw e;
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new InvalidCertificateException(
          Reason.BAD_SELF_SIGNATURE, "a certificate whose signature cannot be verified", e);
    }
    throw new InvalidCertificateException(
        Reason.BAD_SELF_SIGNATURE, "a certificate that is not signed with its own key");
  }

  private static PublicKey hostKey(X509Certificate certificate) throws InvalidCertificateException {
    byte[] extension = certificate.getExtensionValue(SignedKey.EXTENSION_OID);
    if (extension == null) {
      throw new InvalidCertificateException(
          Reason.NO_HOST_KEY, "a certificate that says nothing of a host key");
    }
    SignedKey signed;
    PublicKey hostKey;
    try {
      signed = SignedKey.fromExtension(extension);
      hostKey = PublicKey.fromProtobuf(signed.publicKey());
    } catch (MalformedException e) {
      throw new InvalidCertificateException(
          Reason.MALFORMED_HOST_KEY, "a certificate whose host key is none: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new InvalidCertificateException(
          Reason.MALFORMED_HOST_KEY, "a certificate whose host key cannot be read", e);
    }
    byte[] message = SignedKey.message(certificate.getPublicKey().getEncoded());
    if (!hostKey.verify(message, signed.signature())) {
      throw new InvalidCertificateException(
          Reason.BAD_HOST_SIGNATURE,
          "a certificate that was not made by " + hostKey.peerId() + ", whose key is in it");
    }
    return hostKey;
  }
}
