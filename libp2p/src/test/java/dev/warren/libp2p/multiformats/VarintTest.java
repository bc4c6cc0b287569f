package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {
  /** multiformats/unsigned-varint, "Examples", and the edges of the range. */
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 01",
    "127, 7f",
    "128, 8001",
    "255, ff01",
    "300, ac02",
    "16384, 808001",
    "9223372036854775807, ffffffffffffffff7f"
  })
  void encodesThePublishedExamples(long value, String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThat(Varint.encode(value)).isEqualTo(bytes);
    assertThat(Varint.size(value)).isEqualTo(bytes.length);
    assertThat(Varint.read(ByteBuffer.wrap(bytes))).isEqualTo(value);
    assertThat(Varint.read(new ByteArrayInputStream(bytes))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8100", "8000", "ff00", "808000", "ffffffffffffffff00"})
  void refusesEncodingsThatAreNotMinimal(String hex) {
    assertRefused(hex, "not minimal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffffffffffffffff", "80808080808080808001", "ffffffffffffffffffffff"})
  void refusesMoreThanNineBytes(String hex) {
    assertRefused(hex, "longer than 9 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "ffff", "8080808080808080"})
  void noticesThatTheInputEndsTooEarly(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Varint.read(ByteBuffer.wrap(bytes)))
        .withMessageContaining("cut short after " + bytes.length + " bytes");
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> Varint.read(new ByteArrayInputStream(bytes)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void doesNotEncodeNegativeValues(long value) {
    assertThatIllegalArgumentException().isThrownBy(() -> Varint.encode(value));
    assertThatIllegalArgumentException().isThrownBy(() -> Varint.write(value, new byte[16], 0));
  }

  @Property
  void whatWasWrittenIsReadAndNothingBeyondIt(@ForAll @LongRange(min = 0) long value)
      throws IOException {
    byte[] bytes = new byte[2 + Varint.MAX_BYTES + 1];
    int end = Varint.write(value, bytes, 2);
    assertThat(end).isEqualTo(2 + Varint.size(value));

    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(2);
    assertThat(Varint.read(buffer)).isEqualTo(value);
    assertThat(buffer.position()).isEqualTo(end);

    InputStream stream = new ByteArrayInputStream(bytes, 2, bytes.length);
    assertThat(Varint.read(stream)).isEqualTo(value);
    assertThat(stream.available()).isEqualTo(bytes.length - end);
  }

  @Property
  void smallValuesRoundTrip(@ForAll @LongRange(min = 0, max = 1 << 22) long value) {
    assertThat(Varint.read(ByteBuffer.wrap(Varint.encode(value)))).isEqualTo(value);
  }

  private static void assertRefused(String hex, String reason) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Varint.read(buffer))
        .withMessageContaining(reason);
    assertThat(buffer.position()).isZero();
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Varint.read(new ByteArrayInputStream(bytes)))
        .withMessageContaining(reason);
  }
}
