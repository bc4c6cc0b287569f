package dev.warren.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multibase;
import dev.warren.libp2p.multiformats.Multihash;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {
  private static final String HASHED = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
  private static final String INLINE = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

  @Test
  void bothTextFormsOfTheSpecificationAreRead() {
    String cid = "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe";

    assertThat(PeerId.parse(cid)).isEqualTo(PeerId.parse(HASHED));
    assertThat(PeerId.parse(HASHED).toCid()).isEqualTo(cid);
    assertThat(PeerId.parse(cid)).hasToString(HASHED);
  }

  @ParameterizedTest
  @ValueSource(strings = {HASHED, INLINE})
  void anIdIsReadBackFromEveryForm(String text) {
    PeerId id = PeerId.parse(text);

    assertThat(id).hasToString(text);
    assertThat(PeerId.parse(id.toCid())).isEqualTo(id).hasSameHashCodeAs(id);
    assertThat(PeerId.fromBytes(id.toBytes())).isEqualTo(id);
    byte[] cid = Multibase.decode(id.toCid());
    for (Multibase base :
        new Multibase[] {Multibase.BASE36, Multibase.BASE58BTC, Multibase.BASE16}) {
      assertThat(PeerId.parse(base.encode(cid))).isEqualTo(id);
    }
  }

  /** The ids that go-libp2p v0.48 gives to the keys of the specification. */
  @ParameterizedTest
  @CsvSource({
    "ECDSA, QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk, bafzbeidigywdclqvl5hxfefwp5onbffcfife7pza57mmfb4tiqmtkdjw64",
    "ED25519, 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq, bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6",
    "SECP256K1, 16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY, bafzaajiiaijcca3xo7uzjzcsyilaj6i54cj44qk7kqzpoao5rti2pjx6udtdbp6kte",
    "RSA, QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG, bafzbeifwzcumbiyql7bhv7fe7mixg6i7aohegq75k234m63bnw6dbicmzu",
  })
  void idsOfTheKeysOfTheSpecificationAreThoseOfGo(KeyType type, String id, String cid) {
    PeerId peerId = PublicKey.fromProtobuf(KeyVectors.publicKey(type)).peerId();

    assertThat(peerId).hasToString(id);
    assertThat(peerId.toCid()).isEqualTo(cid);
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "SECP256K1"})
  void shortKeysAreInTheId(KeyType type) {
    PublicKey key = PrivateKey.generate(type).publicKey();

    assertThat(PeerId.parse(key.peerId().toString()).inlineKey()).contains(key);
    assertThat(key.peerId().matches(key)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA", "ECDSA"})
  void longKeysAreHashed(KeyType type) {
    PublicKey key = PublicKey.fromProtobuf(KeyVectors.publicKey(type));

    assertThat(key.peerId().inlineKey()).isEmpty();
    assertThat(key.peerId().matches(key)).isTrue();
    assertThat(key.peerId().toString()).startsWith("Qm");
  }

  @Test
  void anIdDoesNotMatchTheKeyOfAnother() {
    PublicKey key = PrivateKey.generate(KeyType.ED25519).publicKey();

    assertThat(PeerId.parse(INLINE).matches(key)).isFalse();
  }

  @Test
  void aKeyInAnotherEncodingThanItsOwnIsNotTaken() {
    byte[] key = KeyVectors.publicKey(KeyType.ED25519);
    // A new field behind the key: it parses, and would make a second id for the same key.
    byte[] longer = Arrays.copyOf(key, key.length + 2);
    longer[key.length] = 0x18;

    PeerId id = PeerId.fromBytes(Multihash.identity(longer).toBytes());

    assertThat(PublicKey.fromProtobuf(longer)).isEqualTo(PublicKey.fromProtobuf(key));
    assertThat(id.inlineKey()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "Qm",
        "Q",
        "z",
        "b",
        "0",
        "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
        "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5O0",
        "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S",
        // CIDs of a file: dag-pb and raw
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
        "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
        "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
        "peer",
      })
  void textThatIsNoIdIsRefused(String text) {
    assertThatThrownBy(() -> PeerId.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void hashesThatNoKeyHasAreRefused() {
    byte[] sha512 = Multihash.sha512(new byte[1]).toBytes();
    byte[] shortened = Multihash.of(Multihash.SHA2_256, new byte[20]).toBytes();
    byte[] longIdentity = Multihash.identity(new byte[43]).toBytes();

    for (byte[] bytes : new byte[][] {sha512, shortened, longIdentity, {}}) {
      assertThatThrownBy(() -> PeerId.fromBytes(bytes)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void absurdlyLongTextIsRefusedUnread() {
    assertThatThrownBy(() -> PeerId.parse("1".repeat(100_000)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("100000 characters");
  }

  @Test
  void idsAreOrderedByTheirBytes() {
    PeerId inline = PeerId.parse(INLINE);
    PeerId hashed = PeerId.parse(HASHED);

    assertThat(inline).isLessThan(hashed).isEqualByComparingTo(PeerId.parse(INLINE));
  }
}
