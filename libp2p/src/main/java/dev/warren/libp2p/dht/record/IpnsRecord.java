package dev.warren.libp2p.dht.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.dht.record.pb.IpnsMessages.IpnsEntry;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * What the owner of a key says its name stands for (IPFS specs, ipns-record).
 *
 * @param value a path such as {@code /ipfs/bafy…}
 * @param sequence unsigned; a higher one replaces a lower
 * @param validUntil the end of its validity
 * @param ttlNanos how long a reader may do without looking for a newer one
 */
public record IpnsRecord(Value value, long sequence, Instant validUntil, long ttlNanos) {
  /** "Record Size Limit". */
  public static final int MAX_BYTES = 10 * 1024;

  private static final byte[] SIGNED_PREFIX = "ipns-signature:".getBytes(StandardCharsets.US_ASCII);

  /** Where the record of this key is stored. */
  public static Target key(PeerId name) {
    return Target.ofValue(IpnsValidator.NAMESPACE, name.toBytes());
  }

  /** The bytes to store, signed; without the fields that only readers of before 2021 look at. */
  public Value seal(PrivateKey key) {
    // In the order of DAG-CBOR: the shorter name first, then by bytes.
    var fields = new LinkedHashMap<String, Object>();
    fields.put("TTL", ttlNanos);
    fields.put("Value", value.toBytes());
    fields.put("Sequence", sequence);
    fields.put("Validity", validUntil.toString().getBytes(StandardCharsets.US_ASCII));
    fields.put("ValidityType", 0L);
    byte[] data = CborFields.write(fields);
    var entry =
        IpnsEntry.newBuilder()
            .setData(ByteString.copyFrom(data))
            .setSignatureV2(ByteString.copyFrom(key.sign(signed(data))));
    if (key.peerId().inlineKey().isEmpty()) {
      entry.setPubKey(ByteString.copyFrom(key.publicKey().toProtobuf()));
    }
    return Value.of(entry.build().toByteArray());
  }

  /** Reads a record that the owner of the name has signed ("Record Verification", 1 to 7). */
  public static IpnsRecord open(PeerId name, Value sealed) throws InvalidRecordException {
    IpnsEntry entry = entry(sealed);
    byte[] data = entry.getData().toByteArray();
    CborFields fields = CborFields.parse(data);
    IpnsRecord record = of(fields);
    if (!owner(name, entry).verify(signed(data), entry.getSignatureV2().toByteArray())) {
      throw new InvalidRecordException("a record that " + name + " did not sign");
    }
    if ((!entry.getSignatureV1().isEmpty() || !entry.getValue().isEmpty())
        && !record.isRepeatedIn(entry, fields)) {
      throw new InvalidRecordException("a record that says something else to older readers");
    }
    return record;
  }

  /** Reads a record that has been opened before. */
  static IpnsRecord ofOpened(Value sealed) throws InvalidRecordException {
    return of(CborFields.parse(entry(sealed).getData().toByteArray()));
  }

  private static IpnsEntry entry(Value sealed) throws InvalidRecordException {
    if (sealed.length() > MAX_BYTES) {
      throw new InvalidRecordException("a record of " + sealed.length() + " bytes");
    }
    try {
      IpnsEntry entry = IpnsEntry.parseFrom(sealed.toBytes());
      if (entry.getSignatureV2().isEmpty() || entry.getData().isEmpty()) {
        throw new InvalidRecordException("a record of before 2021, whose signature is too weak");
      }
      return entry;
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidRecordException("not an IPNS record", e);
    }
  }

  private static PublicKey owner(PeerId name, IpnsEntry entry) throws InvalidRecordException {
    try {
      PublicKey key =
          entry.getPubKey().isEmpty()
              ? name.inlineKey().orElseThrow(() -> new MalformedException("there is none"))
              : PublicKey.fromProtobuf(entry.getPubKey().toByteArray());
      if (!name.matches(key)) {
        throw new InvalidRecordException("a record with the key of somebody else");
      }
      return key;
    } catch (MalformedException e) {
      throw new InvalidRecordException("a record without a usable key: " + e.getMessage(), e);
    }
  }

  private static IpnsRecord of(CborFields fields) throws InvalidRecordException {
    if (required(fields.number("ValidityType")) != 0) {
      throw new InvalidRecordException("a record whose validity does not end at a time");
    }
    String validity = new String(required(fields.bytes("Validity")), StandardCharsets.US_ASCII);
    try {
      return new IpnsRecord(
          Value.of(required(fields.bytes("Value"))),
          required(fields.number("Sequence")),
          OffsetDateTime.parse(validity).toInstant(),
          required(fields.number("TTL")));
    } catch (DateTimeException e) {
      throw new InvalidRecordException("a record whose validity is no time", e);
    }
  }

  private static <T> T required(Optional<T> field) throws InvalidRecordException {
    return field.orElseThrow(() -> new InvalidRecordException("a record with a field missing"));
  }

  private boolean isRepeatedIn(IpnsEntry entry, CborFields fields) throws InvalidRecordException {
    return Value.of(entry.getValue().toByteArray()).equals(value)
        && Arrays.equals(entry.getValidity().toByteArray(), required(fields.bytes("Validity")))
        && entry.getValidityType() == 0
        && entry.getSequence() == sequence
        && entry.getTtl() == ttlNanos;
  }

  private static byte[] signed(byte[] data) {
    byte[] joined = Arrays.copyOf(SIGNED_PREFIX, SIGNED_PREFIX.length + data.length);
    System.arraycopy(data, 0, joined, SIGNED_PREFIX.length, data.length);
    return joined;
  }
}
