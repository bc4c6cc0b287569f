package dev.warren.libp2p.dht.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.dht.record.pb.WarrenRecordMessages.SignedValue;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import dev.warren.libp2p.multiformats.Varint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A value that a peer has signed, under a name of its choice; the newest one counts, for as long as
 * the peer says.
 *
 * <p>Its key is {@code /warren/}, the signer's id behind its length, and the name. The value is a
 * signed envelope (specs, RFC 0002) of domain {@code warren-record} and payload type {@code
 * /warren/record}; the payload is the message of {@code warren_record.proto}. Since both signer and
 * name are signed, no value can be moved to another key.
 *
 * @param sequence unsigned; a higher one replaces a lower
 * @param expires from then on the value is not valid
 */
public record WarrenRecord(
    PeerId signer, String name, long sequence, Instant expires, Value value) {
  /** The longest name, in UTF-8. */
  public static final int MAX_NAME_BYTES = 256;

  private static final String DOMAIN = "warren-record";
  private static final byte[] PAYLOAD_TYPE = "/warren/record".getBytes(StandardCharsets.US_ASCII);

  public WarrenRecord {
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the name of a record has at most " + MAX_NAME_BYTES + " bytes");
    }
  }

  /** Where the records of this peer under this name are stored. */
  public static Target key(PeerId signer, String name) {
    byte[] id = signer.toBytes();
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] length = Varint.encode(id.length);
    byte[] rest = Arrays.copyOf(length, length.length + id.length + text.length);
    System.arraycopy(id, 0, rest, length.length, id.length);
    System.arraycopy(text, 0, rest, length.length + id.length, text.length);
    return Target.ofValue(WarrenValidator.NAMESPACE, rest);
  }

  /** Where this record is stored. */
  public Target key() {
    return key(signer, name);
  }

  /** The value to store, signed with the key of the signer. */
  public Value seal(PrivateKey key) {
    if (!signer.equals(key.peerId())) {
      throw new IllegalArgumentException(
          "a record of " + signer + " cannot be signed by " + key.peerId());
    }
    byte[] payload =
        SignedValue.newBuilder()
            .setName(name)
            .setSequence(sequence)
            .setExpiresAtMillis(expires.toEpochMilli())
            .setValue(ByteString.copyFrom(value.toBytes()))
            .build()
            .toByteArray();
    return Value.of(SignedEnvelope.seal(key, DOMAIN, PAYLOAD_TYPE, payload).toBytes());
  }

  /** Reads a stored value, whose signature has to hold. */
  public static WarrenRecord open(Value sealed) throws InvalidRecordException {
    try {
      SignedEnvelope envelope = SignedEnvelope.open(sealed.toBytes(), DOMAIN);
      if (!Arrays.equals(envelope.payloadType(), PAYLOAD_TYPE)) {
        throw new InvalidRecordException("an envelope with something else in it");
      }
      SignedValue message = SignedValue.parseFrom(envelope.payload());
      return new WarrenRecord(
          envelope.publicKey().peerId(),
          message.getName(),
          message.getSequence(),
          Instant.ofEpochMilli(message.getExpiresAtMillis()),
          Value.of(message.getValue().toByteArray()));
    } catch (InvalidEnvelopeException | InvalidProtocolBufferException e) {
      throw new InvalidRecordException("not a signed record: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException(e.getMessage(), e);
    }
  }
}
