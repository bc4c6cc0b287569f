package dev.warren.protocols.transfer.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.protocols.transfer.pb.TransferMessages.TokenMessage;
import dev.warren.protocols.transfer.session.RefusedException.Reason;
import dev.warren.sharecodes.ShareId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The sharer's word, for other sources, that a receiver may have a share until some time. Nothing
 * is proven of it before {@link #check}, which a source does; the receiver only carries it.
 */
public final class Token {
  /** The longest; those of the largest RSA keys have half of it. */
  public static final int MAX_BYTES = 4096;

  private static final String DOMAIN = "warren-transfer-token";
  private static final byte[] TYPE = "/warren/transfer/1/token".getBytes(StandardCharsets.US_ASCII);

  /** The year 10000: later ends are no dates. */
  private static final long MAX_EXPIRES = 253_402_300_800L;

  private final byte[] bytes;

  private Token(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A token as it was sent or kept. */
  public static Token of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("a token of " + bytes.length + " bytes");
    }
    return new Token(bytes.clone());
  }

  /** Lets the receiver have the share. */
  public static Token issue(PrivateKey sharer, ShareId share, PeerId receiver, Instant expires) {
    byte[] payload =
        TokenMessage.newBuilder()
            .setShare(share.text())
            .setReceiver(ByteString.copyFrom(receiver.toBytes()))
            .setExpires(Math.clamp(expires.getEpochSecond(), 0, MAX_EXPIRES))
            .build()
            .toByteArray();
    return of(SignedEnvelope.seal(sharer, DOMAIN, TYPE, payload).toBytes());
  }

  /**
   * Checks that the sharer lets this receiver have this share now.
   *
   * @throws RefusedException if not
   */
  public void check(PublicKey sharer, ShareId share, PeerId receiver, Instant now)
      throws RefusedException {
    TokenMessage message;
    try {
      SignedEnvelope envelope = SignedEnvelope.open(bytes, DOMAIN);
      message = TokenMessage.parseFrom(envelope.payload());
      if (!envelope.publicKey().equals(sharer)
          || !Arrays.equals(envelope.payloadType(), TYPE)
          || !message.getShare().equals(share.text())
          || !PeerId.fromBytes(message.getReceiver().toByteArray()).equals(receiver)) {
        throw notApproved();
      }
    } catch (InvalidEnvelopeException | InvalidProtocolBufferException | MalformedException e) {
      throw notApproved();
    }
    if (message.getExpires() < 0
        || message.getExpires() > MAX_EXPIRES
        || now.getEpochSecond() >= message.getExpires()) {
      throw new RefusedException(
          Reason.EXPIRED, "the sharer's permission has ended; ask the sharer again");
    }
  }

  /** What a source says that wants a token and gets none. */
  public static RefusedException notApproved() {
    return new RefusedException(
        Reason.NOT_APPROVED, "the sharer has not approved this receiver; ask the sharer first");
  }

  /** The token as it is sent and kept. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Token that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Hides it. */
  @Override
  public String toString() {
    return "Token[%d bytes]".formatted(bytes.length);
  }
}
