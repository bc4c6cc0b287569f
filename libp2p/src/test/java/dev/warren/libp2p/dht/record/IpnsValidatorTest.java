package dev.warren.libp2p.dht.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.dht.record.pb.IpnsMessages.IpnsEntry;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IpnsValidatorTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2030-01-02T00:00:00.000000001Z");
  private static final long TTL = 300_000_000_000L;

  private final IpnsValidator validator = new IpnsValidator(InstantSource.fixed(NOW));
  private final PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
  private final Target key = IpnsRecord.key(owner.peerId());

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void aRecordOfItsOwnerIsValid(KeyType type) throws InvalidRecordException {
    PrivateKey any = PrivateKey.generate(type);
    IpnsRecord record = record(7, LATER);
    Value sealed = record.seal(any);
    validator.validate(IpnsRecord.key(any.peerId()), sealed);
    assertThat(IpnsRecord.open(any.peerId(), sealed)).isEqualTo(record);
  }

  @Test
  void theKeyIsTheNameBehindItsNamespace() {
    assertThat(key.toString())
        .isEqualTo("2f69706e732f" + HexFormat.of().formatHex(owner.peerId().toBytes()));
  }

  /** DAG-CBOR by hand: five fields, the shorter names first. */
  @Test
  void theDataIsInTheOrderOfDagCbor() throws InvalidProtocolBufferException {
    IpnsEntry entry = IpnsEntry.parseFrom(record(7, LATER).seal(owner).toBytes());
    String hex = HexFormat.of().formatHex(entry.getData().toByteArray());
    assertThat(hex)
        .isEqualTo(
            "a5"
                + ("6354544c" + "1b00000045d964b800")
                + ("6556616c7565" + "4a" + hex("/ipfs/some"))
                + ("6853657175656e6365" + "07")
                + ("6856616c6964697479" + "581e" + hex("2030-01-02T00:00:00.000000001Z"))
                + ("6c56616c696469747954797065" + "00"));
    assertThat(entry.hasPubKey()).isFalse();
  }

  @Test
  void aRecordOfSomebodyElseIsNot() {
    Value sealed = record(7, LATER).seal(PrivateKey.generate(KeyType.ED25519));
    refused(sealed, "did not sign");
  }

  @Test
  void aRecordWithTheKeyOfSomebodyElseIsNot() {
    PrivateKey other = PrivateKey.generate(KeyType.ECDSA);
    refused(record(7, LATER).seal(other), "key of somebody else");
  }

  @Test
  void aRecordEnds() {
    refused(record(7, NOW).seal(owner), "valid until");
  }

  @Test
  void aChangedRecordIsNotValid() {
    refused(changed(entry -> entry.setData(entry.getData().concat(ByteString.fromHex("00")))), "");
    refused(changed(entry -> entry.setSignatureV2(ByteString.copyFromUtf8("x"))), "did not sign");
    refused(changed(IpnsEntry.Builder::clearSignatureV2), "2021");
    refused(changed(IpnsEntry.Builder::clearData), "2021");
  }

  @Test
  void whatOlderReadersSeeHasToBeTheSame() {
    UnaryOperator<IpnsEntry.Builder> same =
        entry ->
            entry
                .setValue(ByteString.copyFromUtf8("/ipfs/some"))
                .setSignatureV1(ByteString.copyFromUtf8("too weak to be looked at"))
                .setValidity(ByteString.copyFromUtf8(LATER.toString()))
                .setValidityType(0)
                .setSequence(7)
                .setTtl(TTL);
    assertThatCode(() -> validator.validate(key, changed(same))).doesNotThrowAnyException();
    refused(
        changed(entry -> same.apply(entry).setValue(ByteString.copyFromUtf8("/ipfs/other"))),
        "older readers");
    refused(changed(entry -> same.apply(entry).setSequence(8)), "older readers");
    refused(changed(entry -> same.apply(entry).setTtl(8)), "older readers");
  }

  @Test
  void recordsThatAreTooLongAreNotLookedAt() {
    refused(Value.of(new byte[IpnsRecord.MAX_BYTES + 1]), "10241 bytes");
  }

  @Test
  void theHigherSequenceCountsAndThenTheLaterEnd() {
    Value older = record(7, LATER).seal(owner);
    assertThat(validator.compare(record(8, NOW).seal(owner), older)).isPositive();
    assertThat(validator.compare(record(-1, NOW).seal(owner), older)).isPositive(); // unsigned
    assertThat(validator.compare(record(7, NOW).seal(owner), older)).isNegative();
    assertThat(validator.compare(older, record(7, LATER).seal(owner))).isZero();
  }

  @Test
  void fieldsOfOthersInTheDataArePassedOver() throws InvalidRecordException {
    CborFields fields =
        CborFields.parse(
            HexFormat.of()
                .parseHex(
                    "a6"
                        + "615f82a1617801f6" // "_": [{"x": 1}, null]
                        + ("615818ff" + "615942abcd")
                        + "617af5" // true
                        + "6177d82a4100" // a tag with bytes
                        + "6176fb3ff0000000000000")); // 1.0
    assertThat(fields.number("X")).hasValue(255L);
    assertThat(fields.bytes("Y").orElseThrow()).containsExactly(0xab, 0xcd);
    assertThat(fields.number("_")).isEmpty();
  }

  @Test
  void hostileCborIsRefused() {
    for (String hex :
        List.of(
            "",
            "00",
            "b8ff", // more fields than there are bytes
            "bf6141ffff", // open length
            "a16141", // nothing behind the name
            "a10101", // a name that is a number
            "a2614101614102", // twice the same
            "a16141" + "81".repeat(100), // too deep
            "a161415bffffffffffffffff", // bytes without end
            "a161419bffffffffffffffff", // items without end
            "a16141011" + "0")) { // something behind it
      assertThatThrownBy(() -> CborFields.parse(HexFormat.of().parseHex(hex)))
          .as(hex)
          .isInstanceOf(InvalidRecordException.class);
    }
  }

  @Test
  void numbersAreWrittenInTheirShortestForm() throws InvalidRecordException {
    for (long number : new long[] {0, 23, 24, 255, 256, 65_535, 65_536, 1L << 32, -1}) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("n", number);
      byte[] bytes = CborFields.write(fields);
      assertThat(CborFields.parse(bytes).number("n")).hasValue(number);
      int extra = number >= 0 && number < 24 ? 0 : number == 24 || number == 255 ? 1 : 2;
      assertThat(bytes.length).isGreaterThanOrEqualTo(4 + extra);
    }
  }

  private Value changed(UnaryOperator<IpnsEntry.Builder> change) {
    try {
      var entry = IpnsEntry.newBuilder().mergeFrom(record(7, LATER).seal(owner).toBytes());
      return Value.of(change.apply(entry).build().toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(Value value, String because) {
    assertThatThrownBy(() -> validator.validate(key, value))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining(because);
  }

  private static IpnsRecord record(long sequence, Instant until) {
    var value = Value.of("/ipfs/some".getBytes(StandardCharsets.US_ASCII));
    return new IpnsRecord(value, sequence, until, TTL);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
