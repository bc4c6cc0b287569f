package dev.warren.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class IdentityPropertiesTest {
  @Property(tries = 200)
  void whatAKeySignsItVerifies(@ForAll("keys") PrivateKey key, @ForAll byte[] message) {
    assertThat(key.publicKey().verify(message, key.sign(message))).isTrue();
  }

  @Property(tries = 200)
  void aChangedMessageIsNotVerified(
      @ForAll("keys") PrivateKey key,
      @ForAll @NotEmpty byte[] message,
      @ForAll @IntRange(max = 1 << 20) int bit) {
    byte[] signature = key.sign(message);

    flip(message, bit);

    assertThat(key.publicKey().verify(message, signature)).isFalse();
  }

  @Property(tries = 200)
  void aChangedSignatureIsNotVerified(
      @ForAll("keys") PrivateKey key,
      @ForAll byte[] message,
      @ForAll @IntRange(max = 1 << 20) int bit) {
    byte[] signature = key.sign(message);

    flip(signature, bit);

    assertThat(key.publicKey().verify(message, signature)).isFalse();
  }

  @Property(tries = 200)
  void aSignatureIsNotThatOfAnotherKey(@ForAll byte[] message) {
    List<PrivateKey> keys = Keys.ALL;
    for (PrivateKey signer : keys) {
      byte[] signature = signer.sign(message);
      for (PrivateKey other : keys) {
        assertThat(other.publicKey().verify(message, signature)).isEqualTo(other.equals(signer));
      }
    }
  }

  @Property(tries = 200)
  void anIdIsReadBackFromItsTextsAndBytes(@ForAll @Size(32) byte[] key) {
    PeerId id = Ed25519.publicKey(key).peerId();

    assertThat(PeerId.parse(id.toString())).isEqualTo(id);
    assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
    assertThat(PeerId.fromBytes(id.toBytes())).isEqualTo(id).isEqualByComparingTo(id);
    assertThat(id.inlineKey().map(PublicKey::peerId)).contains(id);
  }

  @Property(tries = 200)
  void anEnvelopeGivesBackWhatWasPutIn(
      @ForAll("keys") PrivateKey key,
      @ForAll @NotEmpty String domain,
      @ForAll @NotEmpty byte[] type,
      @ForAll byte[] payload)
      throws InvalidEnvelopeException {
    byte[] bytes = SignedEnvelope.seal(key, domain, type, payload).toBytes();

    SignedEnvelope opened = SignedEnvelope.open(bytes, domain);

    assertThat(opened.publicKey()).isEqualTo(key.publicKey());
    assertThat(opened.payloadType()).isEqualTo(type);
    assertThat(opened.payload()).isEqualTo(payload);
  }

  @Provide
  Arbitrary<PrivateKey> keys() {
    return Arbitraries.of(Keys.ALL);
  }

  private static void flip(byte[] bytes, int bit) {
    int at = bit % (8 * bytes.length);
    bytes[at / 8] ^= (byte) (1 << (at % 8));
  }

  /** One of each type, made once: making an RSA key takes a while. */
  private static final class Keys {
    static final List<PrivateKey> ALL =
        List.of(KeyType.values()).stream().map(PrivateKey::generate).toList();
  }
}
