package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MultibaseTest {
  static Stream<Arguments> published() {
    return Stream.of("basic", "leading_zero", "two_leading_zeros").flatMap(MultibaseTest::vectors);
  }

  static Stream<Arguments> inAnyCase() {
    return vectors("case_insensitivity");
  }

  @ParameterizedTest
  @MethodSource("published")
  void agreesWithThePublishedVectors(String name, byte[] bytes, String text) {
    Multibase base = Multibase.valueOf(name.toUpperCase(Locale.ROOT));

    assertThat(base).hasToString(name);
    assertThat(base.encode(bytes)).isEqualTo(text);
    assertThat(Multibase.decode(text)).isEqualTo(bytes);
    assertThat(base.encodeBare(bytes)).isEqualTo(text.substring(1));
    assertThat(base.decodeBare(text.substring(1))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("inAnyCase")
  void ignoresLetterCaseWhereTheBaseDoes(String name, byte[] bytes, String text) {
    assertThat(Multibase.of(text)).hasToString(name);
    assertThat(Multibase.decode(text)).isEqualTo(bytes);
  }

  @Property
  void everyBaseDecodesWhatItEncoded(@ForAll Multibase base, @ForAll @Size(max = 80) byte[] bytes) {
    assertThat(Multibase.decode(base.encode(bytes))).isEqualTo(bytes);
  }

  @Property
  void everyBaseKeepsLeadingZeros(@ForAll Multibase base, @ForAll @Size(max = 20) byte[] bytes) {
    byte[] padded = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, padded, 5, bytes.length);

    assertThat(Multibase.decode(base.encode(padded))).isEqualTo(padded);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsThePrefixAlone(Multibase base) {
    assertThat(base.encode(new byte[0])).isEqualTo(String.valueOf(base.prefix()));
    assertThat(Multibase.decode(String.valueOf(base.prefix()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '', an empty text
          '?abc', prefix U+003F
          '\u00e9abc', prefix U+00E9
          'f0g', base16: character U+0067 at 2
          'z0', base58btc: character U+0030 at 1
          'zO', character U+004F
          'f0\u0130', character U+0130
          'f0', no whole bytes take 1 digits
          'ba', no whole bytes
          'bab', left-over bits
          'mAB', left-over bits
          'MAA', padding
          'MAA=', padding
          'MAA===', padding
          'MAA=A', character U+003D
          'M=', padding
          'mAA==', base64: character U+003D at 3
          """)
  void saysWhatIsWrongWithAText(String text, String reason) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multibase.decode(text))
        .withMessageContaining(reason);
  }

  @Test
  void basesOfQuadraticCostAreBounded() {
    byte[] most = new byte[1024];
    most[0] = -1;
    for (Multibase base :
        new Multibase[] {Multibase.BASE10, Multibase.BASE36, Multibase.BASE58BTC}) {
      assertThat(Multibase.decode(base.encode(most))).isEqualTo(most);
      assertThatIllegalArgumentException().isThrownBy(() -> base.encode(new byte[1025]));
      String digits = base.encodeBare(most);
      String nines = "9".repeat(digits.length());
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> base.decodeBare(digits + "1"));
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> base.decodeBare("1" + nines));
    }
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multibase.BASE58BTC.decodeBare("1".repeat(1025)))
        .withMessageContaining("more than 1024 bytes");
  }

  private static Stream<Arguments> vectors(String file) {
    var lines = Vectors.lines("multibase-" + file + ".csv");
    String plain = field(lines.getFirst(), 1).replace("\\x00", "\0");
    byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
    return lines.stream()
        .skip(1)
        // Experimental, and one that nobody writes addresses or hashes in.
        .filter(line -> !line.startsWith("base256emoji"))
        .map(line -> Arguments.of(field(line, 0), bytes, field(line, 1)));
  }

  private static String field(String line, int index) {
    return line.split(", *", 2)[index].replace("\"", "");
  }
}
