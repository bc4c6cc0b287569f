package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
  private final Fingerprints fingerprints = new Fingerprints();

  @Test
  void whatWasAddedIsThereAndNothingElse() {
    assertThat(fingerprints.isEmpty()).isTrue();
    for (int i = 0; i < 20_000; i++) {
      assertThat(fingerprints.add(Path.of("mods", "map" + i))).isTrue();
      assertThat(fingerprints.add(Path.of("mods", "map" + i))).isFalse();
    }
    for (int i = 0; i < 20_000; i++) {
      assertThat(fingerprints.contains(Path.of("mods", "map" + i))).isTrue();
      assertThat(fingerprints.contains(Path.of("maps", "map" + i))).isFalse();
    }
    assertThat(fingerprints.isEmpty()).isFalse();
  }
}
