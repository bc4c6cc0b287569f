package dev.warren.libp2p.security.tls;

import java.security.cert.CertificateException;

/** The certificates that a peer presented do not prove who it is. */
public final class InvalidCertificateException extends CertificateException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with them. */
  public enum Reason {
    /** There is no certificate, or there is a chain of them. */
    NOT_EXACTLY_ONE,
    /** It is no certificate of X.509, or carries what libp2p has no use for. */
    MALFORMED,
    /** It has expired, or is not valid yet by our clock. */
    OUTSIDE_VALIDITY,
    /** It demands by a critical extension something that we do not know. */
    UNKNOWN_CRITICAL_EXTENSION,
    /** It is signed in a way that is weak or unknown. */
    UNSUPPORTED_ALGORITHM,
    /** It is not signed with its own key. */
    BAD_SELF_SIGNATURE,
    /** It says nothing of a host key. */
    NO_HOST_KEY,
    /** What it says of the host key cannot be read. */
    MALFORMED_HOST_KEY,
    /** The host key did not sign the certificate's key: somebody else made the certificate. */
    BAD_HOST_SIGNATURE
  }

  private final Reason reason;

  InvalidCertificateException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  InvalidCertificateException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
