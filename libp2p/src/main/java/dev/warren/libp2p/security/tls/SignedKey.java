package dev.warren.libp2p.security.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/**
 * What the extension of a libp2p certificate holds. Specification: tls/tls.md, "libp2p Public Key
 * Extension".
 */
final class SignedKey {
  static final String EXTENSION_OID = "1.3.6.1.4.1.53594.1.1";

  private static final byte[] PREFIX = "libp2p-tls-handshake:".getBytes(StandardCharsets.US_ASCII);

  private final byte[] publicKey;
  private final byte[] signature;

  /**
   * @param publicKey the host key in its protobuf
   * @param signature the host key's, of {@link #message}
   */
  SignedKey(byte[] publicKey, byte[] signature) {
    this.publicKey = publicKey;
    this.signature = signature;
  }

  /** What the host key signs: the certificate's own key, as SubjectPublicKeyInfo. */
  static byte[] message(byte[] certificateKey) {
    byte[] message = Arrays.copyOf(PREFIX, PREFIX.length + certificateKey.length);
    System.arraycopy(certificateKey, 0, message, PREFIX.length, certificateKey.length);
    return message;
  }

  /**
   * Reads the value of the extension as a certificate holds it.
   *
   * @throws RuntimeException of many kinds when the bytes are something else
   */
  static SignedKey fromExtension(byte[] octets) {
    ASN1Sequence sequence =
        ASN1Sequence.getInstance(ASN1OctetString.getInstance(octets).getOctets());
    if (sequence.size() != 2) {
      throw new IllegalArgumentException(sequence.size() + " elements in place of 2");
    }
    return new SignedKey(octets(sequence, 0), octets(sequence, 1));
  }

  private static byte[] octets(ASN1Sequence sequence, int index) {
    return ASN1OctetString.getInstance(sequence.getObjectAt(index)).getOctets();
  }

  byte[] publicKey() {
    return publicKey;
  }

  byte[] signature() {
    return signature;
  }

  byte[] encode() throws IOException {
    return new DERSequence(new DEROctetString(publicKey), new DEROctetString(signature))
        .getEncoded(ASN1Encoding.DER);
  }
}
