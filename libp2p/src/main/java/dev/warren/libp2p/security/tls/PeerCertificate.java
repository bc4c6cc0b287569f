package dev.warren.libp2p.security.tls;

import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.security.tls.InvalidCertificateException.Reason;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** Finds out from its certificate who a peer is. Specification: tls/tls.md. */
public final class PeerCertificate {
  /**
   * An RSA host key of 8192 bits and its signature take 2 kB, twice that with an RSA certificate.
   */
  static final int MAX_BYTES = 8192;

  /** Hashes shorter than 256 bits prove nothing any more. */
  private static final Set<String> SIGNATURE_ALGORITHMS =
      Set.of(
          "SHA256withECDSA",
          "SHA384withECDSA",
          "SHA512withECDSA",
          "SHA256withRSA",
          "SHA384withRSA",
          "SHA512withRSA",
          "RSASSA-PSS",
          "Ed25519",
          "EdDSA");

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
    X509Certificate certificate = parse(chain.getFirst());
    requireValidAt(now, certificate);
    requireKnownExtensions(certificate);
    requireSelfSigned(certificate);
    return hostKey(certificate);
  }

  private static X509Certificate parse(byte[] encoded) throws InvalidCertificateException {
    if (encoded.length > MAX_BYTES) {
      throw new InvalidCertificateException(
          Reason.MALFORMED,
          "a certificate of " + encoded.length + " bytes, more than " + MAX_BYTES);
    }
    X509Certificate certificate;
    var bytes = new ByteArrayInputStream(encoded);
    try {
      certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    } catch (CertificateException | RuntimeException e) {
      throw new InvalidCertificateException(Reason.MALFORMED, "no certificate of X.509", e);
    }
    if (bytes.available() > 0) {
      throw new InvalidCertificateException(
          Reason.MALFORMED, bytes.available() + " bytes behind the certificate");
    }
    if (certificate.getIssuerUniqueID() != null || certificate.getSubjectUniqueID() != null) {
      throw new InvalidCertificateException(
          Reason.MALFORMED, "a certificate with the deprecated unique ids");
    }
    return certificate;
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

  private static void requireSelfSigned(X509Certificate certificate)
      throws InvalidCertificateException {
    String algorithm = certificate.getSigAlgName();
    if (!SIGNATURE_ALGORITHMS.contains(algorithm)) {
      throw new InvalidCertificateException(
          Reason.UNSUPPORTED_ALGORITHM, "a certificate signed by way of " + algorithm);
    }
    try {
      certificate.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new InvalidCertificateException(
          Reason.BAD_SELF_SIGNATURE, "a certificate that is not signed with its own key", e);
    }
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
