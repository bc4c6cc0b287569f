package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidTest {
  /** The example of multiformats/cid, "Variant - Human-Readable Form". */
  @Test
  void readsTheExampleOfTheSpecification() {
    Cid cid = Cid.parse("zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA");

    assertThat(cid.version()).isEqualTo(1);
    assertThat(cid.codec()).isEqualTo(Cid.Codec.RAW);
    assertThat(cid.multihash().code()).isEqualTo(Multihash.SHA2_256);
    assertThat(HexFormat.of().formatHex(cid.multihash().digest()))
        .isEqualTo("6e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c95");
    assertThat(cid.toString(Multibase.BASE58BTC))
        .isEqualTo("zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA");
  }

  @Test
  void versionZeroIsABareHash() {
    String text = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";
    Cid cid = Cid.parse(text);

    assertThat(cid.version()).isZero();
    assertThat(cid.codec()).isEqualTo(Cid.Codec.DAG_PB);
    assertThat(cid).hasToString(text).isEqualTo(Cid.v0(cid.multihash()));
    assertThat(cid.toBytes()).isEqualTo(cid.multihash().toBytes());
    assertThat(Cid.fromBytes(cid.toBytes())).isEqualTo(cid).hasSameHashCodeAs(cid);
    assertThat(Cid.v1(Cid.Codec.DAG_PB, cid.multihash())).isNotEqualTo(cid);
    assertThatIllegalArgumentException().isThrownBy(() -> cid.toString(Multibase.BASE32));
    assertThatIllegalArgumentException().isThrownBy(() -> Cid.v0(Multihash.sha512(new byte[1])));
  }

  /** The peer ids of go-multiaddr's tests, and the address of an empty IPFS directory. */
  @ParameterizedTest
  @CsvSource({
    "bafzbeigvf25ytwc3akrijfecaotc74udrhcxzh2cx3we5qqnw5vgrei4bm, 114",
    "k2k4r8oqamigqdo6o7hsbfwd45y70oyynp98usk7zmyfrzpqxh1pohl7, 114",
    "k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs, 114",
    "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi, 112",
  })
  void versionOneIsWrittenInTheBaseItCameIn(String text, long codec) {
    Cid cid = Cid.parse(text);

    assertThat(cid.codec()).isEqualTo(codec);
    assertThat(cid.toString(Multibase.of(text))).isEqualTo(text);
    assertThat(cid.toString()).startsWith("b");
  }

  @ParameterizedTest
  @CsvSource({
    "'', no multibase prefix",
    "Qm, unknown multibase prefix",
    "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNK0, base58btc: character U+0030 at 45",
    "zQmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC, version 0 has no multibase prefix",
    "f, cut short",
    "f02, unknown CID version 2",
    "f0155, cut short",
    "f01551220ff, announces a digest of 32 bytes and holds 1",
    "f0155000000, announces a digest of 0 bytes and holds 1"
  })
  void saysWhatIsWrong(String text, String reason) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Cid.parse(text))
        .withMessageContaining(reason);
  }

  @Test
  void isBoundedInLength() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Cid.parse("f" + "0".repeat(1_000_000)))
        .withMessageContaining("characters are more than");
  }

  @Property
  void everyCidRoundTripsInEveryBase(
      @ForAll Multibase base,
      @ForAll @LongRange(min = 0) long codec,
      @ForAll @LongRange(min = 0) long function,
      @ForAll @Size(max = 128) byte[] digest) {
    Cid cid = Cid.v1(codec, Multihash.of(function, digest));

    assertThat(Cid.parse(cid.toString(base))).isEqualTo(cid);
    assertThat(Cid.fromBytes(cid.toBytes())).isEqualTo(cid);
  }
}
