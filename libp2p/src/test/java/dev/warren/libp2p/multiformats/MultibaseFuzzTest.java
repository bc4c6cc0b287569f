package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class MultibaseFuzzTest {
  @FuzzTest
  void text(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    byte[] bytes;
    try {
      bytes = Multibase.decode(text);
    } catch (MalformedException e) {
      return;
    }
    // There is no second spelling but for letter case.
    String encoded = Multibase.of(text).encode(bytes);
    assertThat(encoded).isEqualToIgnoringCase(text);
    assertThat(Multibase.decode(encoded)).isEqualTo(bytes);
  }
}
