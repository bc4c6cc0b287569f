package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.FrameHeader.ACK;
import static dev.warren.libp2p.mux.yamux.FrameHeader.FIN;
import static dev.warren.libp2p.mux.yamux.FrameHeader.RST;
import static dev.warren.libp2p.mux.yamux.FrameHeader.SYN;
import static dev.warren.libp2p.mux.yamux.FrameType.DATA;
import static dev.warren.libp2p.mux.yamux.FrameType.GO_AWAY;
import static dev.warren.libp2p.mux.yamux.FrameType.PING;
import static dev.warren.libp2p.mux.yamux.FrameType.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameHeaderTest {

  /** Frames of a session between two peers on go-yamux 5.1.0. */
  static Stream<String[]> frames() throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(FrameHeaderTest.class.getResourceAsStream("frames.txt")),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void readsAndWritesWhatGoWrites(
      String hex, String type, String flags, String streamId, String length) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    FrameHeader header =
        new FrameHeader(
            FrameType.valueOf(type),
            Integer.parseInt(flags),
            Integer.parseUnsignedInt(streamId),
            Long.parseLong(length));

    assertThat(FrameHeader.decode(bytes, 0)).isEqualTo(header);
    assertThat(encode(header)).isEqualTo(bytes);
  }

  @Property
  void readsWhatItWrites(
      @ForAll boolean data,
      @ForAll @IntRange(min = 0, max = 15) int flags,
      @ForAll int streamId,
      @ForAll @LongRange(min = 0, max = FrameHeader.MAX_LENGTH) long length)
      throws IOException {
    FrameHeader header = new FrameHeader(data ? DATA : WINDOW_UPDATE, flags, streamId | 1, length);

    assertThat(FrameHeader.decode(encode(header), 0)).isEqualTo(header);
    assertThat(header.has(SYN)).isEqualTo((flags & 1) != 0);
    assertThat(header.has(ACK)).isEqualTo((flags & 2) != 0);
    assertThat(header.has(FIN)).isEqualTo((flags & 4) != 0);
    assertThat(header.has(RST)).isEqualTo((flags & 8) != 0);
  }

  @Test
  void readsPingAndGoAway() throws IOException {
    assertThat(FrameHeader.decode(hex("000200010000000012345678"), 0))
        .isEqualTo(new FrameHeader(PING, SYN, 0, 0x12345678L));
    assertThat(FrameHeader.decode(hex("000300000000000000000002"), 0))
        .isEqualTo(new FrameHeader(GO_AWAY, 0, 0, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "010000000000000100000000, UNKNOWN_VERSION",
    "ff0000000000000100000000, UNKNOWN_VERSION",
    "000400000000000100000000, UNKNOWN_TYPE",
    "00ff00000000000100000000, UNKNOWN_TYPE",
    "000000100000000100000000, UNKNOWN_FLAGS",
    "000180010000000100000000, UNKNOWN_FLAGS",
    "000200000000000000000000, MISPLACED_FLAGS",
    "000200030000000000000000, MISPLACED_FLAGS",
    "000200050000000000000000, MISPLACED_FLAGS",
    "000300010000000000000000, MISPLACED_FLAGS",
    "000000000000000000000000, MISPLACED_STREAM_ID",
    "000100010000000000000000, MISPLACED_STREAM_ID",
    "000200010000000100000000, MISPLACED_STREAM_ID",
    "000300000000000100000000, MISPLACED_STREAM_ID",
  })
  void namesTheRuleThatAHeaderBreaks(String hex, Violation violation) {
    var thrown =
        catchThrowableOfType(YamuxViolationException.class, () -> FrameHeader.decode(hex(hex), 0));

    assertThat(thrown.violation()).isEqualTo(violation);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] encode(FrameHeader header) {
    byte[] bytes = new byte[FrameHeader.BYTES];
    FrameHeader.encode(bytes, 0, header.type(), header.flags(), header.streamId(), header.length());
    return bytes;
  }
}
