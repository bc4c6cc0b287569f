package dev.warren.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;

class PeerIdFuzzTest {
  @FuzzTest
  void textsAreReadOrRefused(byte[] input) {
    PeerId id;
    try {
      id = PeerId.parse(new String(input, StandardCharsets.UTF_8));
    } catch (MalformedException refused) {
      return;
    }
    assertReadBack(id);
  }

  @FuzzTest
  void bytesAreReadOrRefused(byte[] input) {
    PeerId id;
    try {
      id = PeerId.fromBytes(input);
    } catch (MalformedException refused) {
      return;
    }
    assertReadBack(id);
  }

  private static void assertReadBack(PeerId id) {
    assertThat(PeerId.fromBytes(id.toBytes())).isEqualTo(id);
    assertThat(PeerId.parse(id.toString())).isEqualTo(id);
    assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
    id.inlineKey().ifPresent(key -> assertThat(id.matches(key)).isTrue());
  }
}
