package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What the two ends of one stream derive from the share's key: transfer.md, "Session". */
final class SessionKeys {
  static final int NONCE_BYTES = 32;
  static final int PROOF_BYTES = 32;

  private static final int KEY_BYTES = 32;
  private static final byte[] LABEL = "warren transfer 1\0".getBytes(StandardCharsets.US_ASCII);

  private final byte[] sourceProof;
  private final byte[] receiverProof;
  private final byte[] boxKey;

  private SessionKeys(byte[] sourceProof, byte[] receiverProof, byte[] boxKey) {
    this.sourceProof = sourceProof;
    this.receiverProof = receiverProof;
    this.boxKey = boxKey;
  }

  static SessionKeys derive(
      ShareId share,
      ShareKey key,
      PeerId receiver,
      PeerId source,
      byte[] receiverNonce,
      byte[] sourceNonce) {
    try {
      byte[] transcript =
          transcript(
              receiver.toBytes(),
              source.toBytes(),
              share.text().getBytes(StandardCharsets.US_ASCII),
              receiverNonce,
              sourceNonce);
      return new SessionKeys(
          hmac(expand(key, transcript, "source proves"), transcript),
          hmac(expand(key, transcript, "receiver proves"), transcript),
          expand(key, transcript, "boxes"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF and HMAC with SHA-256", e);
    }
  }

  private static byte[] transcript(
      byte[] receiver, byte[] source, byte[] share, byte[] receiverNonce, byte[] sourceNonce)
      throws GeneralSecurityException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(LABEL);
    for (byte[] part : new byte[][] {receiver, source, share}) {
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
      sha256.update(part);
    }
    sha256.update(receiverNonce);
    sha256.update(sourceNonce);
    return sha256.digest();
  }

  private static byte[] expand(ShareKey key, byte[] salt, String info)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract()
                .addIKM(key.toBytes())
                .addSalt(salt)
                .thenExpand(info.getBytes(StandardCharsets.US_ASCII), KEY_BYTES));
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  byte[] sourceProof() {
    return sourceProof;
  }

  byte[] receiverProof() {
    return receiverProof;
  }

  boolean provesSource(byte[] proof) {
    return MessageDigest.isEqual(sourceProof, proof);
  }

  boolean provesReceiver(byte[] proof) {
    return MessageDigest.isEqual(receiverProof, proof);
  }

  /** The key of the boxes on this stream. */
  byte[] boxKey() {
    return boxKey;
  }
}
