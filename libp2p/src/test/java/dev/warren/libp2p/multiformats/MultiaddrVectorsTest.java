package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds multiaddr to the published table and to what go-multiaddr takes and refuses. */
class MultiaddrVectorsTest {
  static Stream<String> valid() {
    return Vectors.lines("multiaddr-valid.txt").stream();
  }

  static Stream<String> invalid() {
    return Vectors.lines("multiaddr-invalid.txt").stream();
  }

  static Stream<String> packed() {
    return Vectors.lines("multiaddr-packed.csv").stream();
  }

  static Stream<String> protocols() {
    return Vectors.lines("multiaddr-protocols.csv").stream();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void acceptsAndRoundTripsWhatGoAccepts(String text) {
    Multiaddr address = Multiaddr.parse(text);

    assertThat(Multiaddr.fromBytes(address.toBytes())).isEqualTo(address);
    assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWhatGoRefuses(String text) {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Multiaddr.parse(text));
  }

  @Test
  void refusesAnEmptyTextAndNoBytes() {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Multiaddr.parse(""));
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.fromBytes(new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("packed")
  void textAndBytesAgreeWithThePublishedPairs(String line) {
    String text = line.substring(0, line.lastIndexOf(','));
    byte[] bytes = HexFormat.of().parseHex(line.substring(text.length() + 1));

    assertThat(Multiaddr.parse(text).toBytes()).isEqualTo(bytes);
    assertThat(Multiaddr.fromBytes(bytes)).hasToString(text);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void theTableIsTheOneOfMultiformats(String line) {
    String[] row = line.split(",", -1);
    Protocol protocol = Protocol.named(row[2]);

    assertThat(protocol.code()).isEqualTo(Integer.parseInt(row[0]));
    assertThat(Protocol.withCode(protocol.code())).isSameAs(protocol);
    if (protocol == Protocol.MEMORY) {
      assertThat(protocol.size()).isEqualTo(8); // as go and rust have it, see Protocol
    } else if (row[1].equals("V")) {
      assertThat(protocol.size()).isEqualTo(Protocol.VARIABLE);
    } else {
      assertThat(protocol.size() * 8).isEqualTo(Integer.parseInt(row[1]));
    }
  }

  @Test
  void everyProtocolIsFoundByNameAndCode() {
    for (Protocol protocol : Protocol.values()) {
      assertThat(Protocol.named(protocol.toString())).isSameAs(protocol);
      assertThat(Protocol.withCode(protocol.code())).isSameAs(protocol);
    }
  }
}
