package dev.warren.libp2p.nat.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import dev.warren.libp2p.multiformats.MalformedException;
import java.time.Instant;
import java.util.Arrays;

/** A relay's signed word that it serves a peer for some time (§"Reservation Vouchers"). */
public record Voucher(PeerId relay, PeerId peer, Instant expires) {
  private static final String DOMAIN = "libp2p-relay-rsvp";

  /** The multicodec 0x0302. */
  private static final byte[] PAYLOAD_TYPE = {0x03, 0x02};

  /**
   * Signs the voucher.
   *
   * @throws IllegalArgumentException if the key is not the relay's
   */
  public SignedEnvelope seal(PrivateKey key) {
    if (!relay.equals(key.peerId())) {
      throw new IllegalArgumentException(
          "a voucher of " + relay + " cannot be signed by " + key.peerId());
    }
    byte[] payload =
        dev.warren.libp2p.nat.relay.pb.Voucher.newBuilder()
            .setRelay(ByteString.copyFrom(relay.toBytes()))
            .setPeer(ByteString.copyFrom(peer.toBytes()))
            .setExpiration(expires.getEpochSecond())
            .build()
            .toByteArray();
    return SignedEnvelope.seal(key, DOMAIN, PAYLOAD_TYPE, payload);
  }

  /** Reads a voucher that its relay signed. */
  public static Voucher open(byte[] envelope) throws InvalidEnvelopeException {
    SignedEnvelope signed = SignedEnvelope.open(envelope, DOMAIN);
    if (!Arrays.equals(signed.payloadType(), PAYLOAD_TYPE)) {
      throw new InvalidEnvelopeException("envelope with something other than a voucher");
    }
    try {
      var message = dev.warren.libp2p.nat.relay.pb.Voucher.parseFrom(signed.payload());
      PeerId relay = PeerId.fromBytes(message.getRelay().toByteArray());
      if (!relay.matches(signed.publicKey())) {
        throw new InvalidEnvelopeException(
            "voucher of " + relay + " signed by " + signed.publicKey().peerId());
      }
      return new Voucher(
          relay,
          PeerId.fromBytes(message.getPeer().toByteArray()),
          EpochSeconds.toInstant(message.getExpiration()));
    } catch (InvalidProtocolBufferException | MalformedException e) {
      throw new InvalidEnvelopeException("envelope without a voucher", e);
    }
  }
}
