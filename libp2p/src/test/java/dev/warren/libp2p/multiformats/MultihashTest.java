package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class MultihashTest {
  private static final HexFormat HEX = HexFormat.of();

  /** The vectors' "sha3" is the draft's name of SHA3-512. */
  private static final Map<String, Long> CODES =
      Map.of("sha1", 0x11L, "sha2-256", 0x12L, "sha2-512", 0x13L, "sha3", 0x14L);

  @ParameterizedTest
  @CsvFileSource(resources = "multihash.csv", numLinesToSkip = 1)
  void agreesWithThePublishedVectors(String function, int bits, String input, String hex) {
    byte[] bytes = HEX.parseHex(hex);
    Multihash hash = Multihash.fromBytes(bytes);

    assertThat(hash.code()).isEqualTo(CODES.get(function));
    assertThat(hash.digestLength()).isEqualTo(bits / 8);
    assertThat(hash.toBytes()).isEqualTo(bytes);
    assertThat(Multihash.of(hash.code(), hash.digest())).isEqualTo(hash).hasSameHashCodeAs(hash);

    byte[] data = input.getBytes(StandardCharsets.US_ASCII);
    if (function.equals("sha2-256")) {
      assertThat(Arrays.copyOf(Multihash.sha256(data).digest(), bits / 8)).isEqualTo(hash.digest());
    } else if (function.equals("sha2-512")) {
      assertThat(Arrays.copyOf(Multihash.sha512(data).digest(), bits / 8)).isEqualTo(hash.digest());
    }
  }

  @Test
  void theIdentityIsItsOwnDigest() {
    Multihash hash = Multihash.identity(new byte[] {1, 2, 3});

    assertThat(hash.toBytes()).isEqualTo(new byte[] {0, 3, 1, 2, 3});
    assertThat(hash.code()).isEqualTo(Multihash.IDENTITY);
    assertThat(hash.digest()).isEqualTo(new byte[] {1, 2, 3});
  }

  @Test
  void isWrittenInBase58AsPeerIdsAre() {
    assertThat(
            Multihash.fromBytes(
                HEX.parseHex(
                    "1220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a68911c0b")))
        .hasToString("QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC");
  }

  @Test
  void cannotBeChangedFromOutside() {
    byte[] bytes = Multihash.identity(new byte[] {1}).toBytes();
    Multihash hash = Multihash.fromBytes(bytes);
    bytes[2] = 9;
    hash.toBytes()[2] = 9;
    hash.digest()[0] = 9;

    assertThat(hash).isEqualTo(Multihash.identity(new byte[] {1}));
  }

  @ParameterizedTest
  @CsvSource({
    "'', cut short",
    "12, cut short",
    "1280, cut short",
    "1220aabb, announces a digest of 32 bytes and holds 2",
    "1201aabb, announces a digest of 1 bytes and holds 2",
    "128000, not minimal",
    "008101, longer than 128",
    "00ffffffffffffffff7f, longer than 128"
  })
  void saysWhatIsWrongWithBytes(String hex, String reason) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multihash.fromBytes(HEX.parseHex(hex)))
        .withMessageContaining(reason);
  }

  @Test
  void boundsTheDigest() {
    assertThat(Multihash.identity(new byte[128]).digestLength()).isEqualTo(128);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multihash.identity(new byte[129]));
  }

  @Property
  void everyCodeAndDigestRoundTrips(
      @ForAll @LongRange(min = 0) long code, @ForAll @Size(max = 128) byte[] digest) {
    Multihash hash = Multihash.of(code, digest);
    Multihash read = Multihash.fromBytes(hash.toBytes());

    assertThat(read).isEqualTo(hash);
    assertThat(read.code()).isEqualTo(code);
    assertThat(read.digest()).isEqualTo(digest);
  }
}
