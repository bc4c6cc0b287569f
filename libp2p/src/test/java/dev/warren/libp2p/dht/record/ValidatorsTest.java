package dev.warren.libp2p.dht.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidatorsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(1);

  private final Validators validators = Validators.warren(InstantSource.fixed(NOW));
  private final PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
  private final WarrenValidator warren = new WarrenValidator(InstantSource.fixed(NOW));

  @Test
  void keysOutsideOfAllNamespacesAreRefused() {
    for (String key : List.of("/other/x", "pk/x", "/pk", "/", "x", "//x", "\u00ff")) {
      assertThatThrownBy(() -> validators.of(Target.of(key.getBytes(StandardCharsets.ISO_8859_1))))
          .as(key)
          .isInstanceOf(InvalidRecordException.class);
    }
  }

  @Test
  void thePublicNetworkKnowsNothingOfWarren() {
    assertThatThrownBy(
            () -> Validators.ipfs(InstantSource.system()).of(record("a", 1, LATER).key()))
        .isInstanceOf(InvalidRecordException.class);
  }

  @Test
  void theKeyOfAPeerBelongsUnderItsId() throws InvalidRecordException {
    Target key = PublicKeyValidator.key(owner.peerId());
    Value value = Value.of(owner.publicKey().toProtobuf());
    validators.of(key).validate(key, value);
    Target other = PublicKeyValidator.key(PrivateKey.generate(KeyType.ED25519).peerId());
    assertThatThrownBy(() -> validators.of(other).validate(other, value))
        .isInstanceOf(InvalidRecordException.class);
    assertThatThrownBy(() -> validators.of(key).validate(key, Value.of(new byte[] {1, 2})))
        .isInstanceOf(InvalidRecordException.class);
  }

  @Test
  void aSignedRecordComesBackAsItWas() throws InvalidRecordException {
    WarrenRecord record = record("a name", 3, LATER);
    assertThat(WarrenRecord.open(record.seal(owner))).isEqualTo(record);
    validators.of(record.key()).validate(record.key(), record.seal(owner));
  }

  @Test
  void aSignedRecordCannotBeMoved() {
    WarrenRecord record = record("a name", 3, LATER);
    Value sealed = record.seal(owner);
    PrivateKey thief = PrivateKey.generate(KeyType.ED25519);
    for (Target other :
        List.of(
            record("another", 3, LATER).key(),
            WarrenRecord.key(thief.peerId(), "a name"),
            Target.ofValue("warren", new byte[] {0}))) {
      assertThatThrownBy(() -> warren.validate(other, sealed))
          .isInstanceOf(InvalidRecordException.class);
    }
  }

  @Test
  void aSignedRecordEnds() {
    WarrenRecord record = record("a name", 3, NOW);
    assertThatThrownBy(() -> warren.validate(record.key(), record.seal(owner)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining("valid until");
  }

  @Test
  void nobodySignsForSomebodyElse() {
    PrivateKey thief = PrivateKey.generate(KeyType.ED25519);
    assertThatThrownBy(() -> record("a name", 3, LATER).seal(thief))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void envelopesOfOtherThingsAreNoRecords() {
    byte[] type = "/warren/other".getBytes(StandardCharsets.US_ASCII);
    for (SignedEnvelope envelope :
        List.of(
            SignedEnvelope.seal(owner, "warren-record", type, new byte[0]),
            SignedEnvelope.seal(owner, "another-domain", type, new byte[0]))) {
      assertThatThrownBy(() -> WarrenRecord.open(Value.of(envelope.toBytes())))
          .isInstanceOf(InvalidRecordException.class);
    }
    assertThatThrownBy(() -> WarrenRecord.open(Value.of(new byte[] {1, 2, 3})))
        .isInstanceOf(InvalidRecordException.class);
  }

  @Test
  void everybodyAgreesWhichRecordIsTheNewest() {
    Value older = record("n", 3, LATER).seal(owner);
    assertThat(warren.compare(record("n", 4, LATER).seal(owner), older)).isPositive();
    assertThat(warren.compare(record("n", -1, LATER).seal(owner), older)).isPositive();
    assertThat(warren.compare(record("n", 3, LATER.plusSeconds(1)).seal(owner), older))
        .isPositive();
    assertThat(warren.compare(older, older)).isZero();
  }

  @Test
  void namesHaveAnEnd() {
    assertThatThrownBy(() -> record("ä".repeat(129), 1, LATER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private WarrenRecord record(String name, long sequence, Instant expires) {
    var value = Value.of("value".getBytes(StandardCharsets.US_ASCII));
    return new WarrenRecord(owner.peerId(), name, sequence, expires, value);
  }
}
