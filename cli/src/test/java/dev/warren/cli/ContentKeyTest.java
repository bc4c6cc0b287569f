package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.multiformats.Cid;
import dev.warren.libp2p.multiformats.Multibase;
import dev.warren.libp2p.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ContentKeyTest {
  private static final Multihash HASH = Multihash.sha256("maps".getBytes(StandardCharsets.UTF_8));

  @Test
  void everyWayToWriteAHashMeansTheSameKey() {
    assertThat(
            new String[] {
              Cid.v0(HASH).toString(),
              Cid.v1(Cid.Codec.DAG_PB, HASH).toString(),
              Cid.v1(Cid.Codec.RAW, HASH).toString(Multibase.BASE36),
              HASH.toString(),
              HexFormat.of().formatHex(HASH.toBytes()),
              HexFormat.of().withUpperCase().formatHex(HASH.toBytes()),
              "maps"
            })
        .allSatisfy(text -> assertThat(ContentKey.parse(text).target()).isEqualTo(Target.of(HASH)));
  }

  @Test
  void aKeyIsShownAsACidThatOthersRead() {
    assertThat(ContentKey.parse("maps").toString())
        .isEqualTo(Cid.v1(Cid.Codec.RAW, HASH).toString())
        .startsWith("bafkrei");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "hello", "f0155", "1200", "0000", "karten der gruppe", "ü"})
  void whatIsNoHashIsAText(String text) {
    assertThat(ContentKey.parse(text).cid().multihash())
        .isEqualTo(Multihash.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void hashesThatNoPeerKeepsAreRefused() {
    String tooLong = Multihash.identity(new byte[100]).toString();
    assertThatThrownBy(() -> ContentKey.parse(tooLong))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("80 bytes");
    assertThatThrownBy(() -> ContentKey.parse("")).isInstanceOf(TypeConversionException.class);
  }
}
