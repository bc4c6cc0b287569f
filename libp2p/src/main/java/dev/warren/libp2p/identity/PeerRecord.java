package dev.warren.libp2p.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.identity.pb.PeerRecordMessages;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses of a peer by its own word (specs, RFC 0003): sealed in an envelope it can be handed
 * on by others and still be trusted to come from the peer. That the addresses lead to the peer is
 * not said by it; only a connection proves that.
 *
 * @param sequence rises with every new record of the peer; an unsigned number, often a time but
 *     never to be taken for one
 */
public record PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {
  /** More addresses than any honest peer has; those beyond are dropped when a record is read. */
  public static final int MAX_ADDRESSES = 100;

  // What go and js sign. The text in RFC 0003 was a placeholder that rust alone took at its word
  // and still signs, so that is read as well.
  private static final Form CURRENT =
      new Form("libp2p-peer-record", ByteString.copyFrom(new byte[] {0x03, 0x01}));
  private static final Form LEGACY =
      new Form("libp2p-routing-state", ByteString.copyFromUtf8("/libp2p/routing-state-record"));

  public PeerRecord {
    if (addresses.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          addresses.size() + " addresses, more than " + MAX_ADDRESSES);
    }
    addresses = List.copyOf(addresses);
  }

  /**
   * Signs the record.
   *
   * @throws IllegalArgumentException if the key is not that of the record's peer
   */
  public SignedEnvelope seal(PrivateKey key) {
    if (!peer.equals(key.peerId())) {
      throw new IllegalArgumentException(
          "a record of " + peer + " cannot be signed by " + key.peerId());
    }
    return SignedEnvelope.seal(
        key, CURRENT.domain(), CURRENT.payloadType().toByteArray(), toProtobuf());
  }

  /**
   * Reads a record out of an envelope that its peer signed. Addresses of kinds that are not known
   * here are left out: a peer may well have some that only newer nodes can dial.
   */
  public static PeerRecord open(byte[] envelope) throws InvalidEnvelopeException {
    SignedEnvelope signed = SignedEnvelope.decode(envelope);
    signed = signed.requireSignedFor(Form.of(signed.payloadType()).domain());
    try {
      var message = PeerRecordMessages.PeerRecord.parseFrom(signed.payload());
      PeerId peer = PeerId.fromBytes(message.getPeerId().toByteArray());
      // RUSTSEC-2022-0009: or else anybody could sign records of anybody.
      if (!peer.matches(signed.publicKey())) {
        throw new InvalidEnvelopeException(
            "record of " + peer + " signed by " + signed.publicKey().peerId());
      }
      return new PeerRecord(peer, message.getSeq(), readable(message.getAddressesList()));
    } catch (InvalidProtocolBufferException | MalformedException e) {
      throw new InvalidEnvelopeException("envelope without a peer record", e);
    }
  }

  /** Whether this record replaces the other one, of the same peer. */
  public boolean isNewerThan(PeerRecord other) {
    return Long.compareUnsigned(sequence, other.sequence) > 0;
  }

  private static List<Multiaddr> readable(
      List<PeerRecordMessages.PeerRecord.AddressInfo> messages) {
    List<Multiaddr> addresses = new ArrayList<>();
    for (var message : messages.subList(0, Math.min(messages.size(), MAX_ADDRESSES))) {
      try {
        addresses.add(Multiaddr.fromBytes(message.getMultiaddr().toByteArray()));
      } catch (MalformedException unknown) {
        // left out, see open
      }
    }
    return addresses;
  }

  private byte[] toProtobuf() {
    var message =
        PeerRecordMessages.PeerRecord.newBuilder()
            .setPeerId(ByteString.copyFrom(peer.toBytes()))
            .setSeq(sequence);
    for (Multiaddr address : addresses) {
      message.addAddressesBuilder().setMultiaddr(ByteString.copyFrom(address.toBytes()));
    }
    return message.build().toByteArray();
  }

  /** What a record was signed as; the payload's type tells the domain. */
  private record Form(String domain, ByteString payloadType) {
    static Form of(byte[] payloadType) throws InvalidEnvelopeException {
      for (Form form : List.of(CURRENT, LEGACY)) {
        if (form.payloadType.equals(ByteString.copyFrom(payloadType))) {
          return form;
        }
      }
      throw new InvalidEnvelopeException("envelope with something other than a peer record");
    }
  }
}
