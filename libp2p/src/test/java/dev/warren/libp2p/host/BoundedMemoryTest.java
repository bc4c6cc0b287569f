package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedMemoryTest {
  @Test
  void aPartTakesOfTheWholeAndNeverMoreThanItsOwn() {
    var whole = new BoundedMemory(100);
    var part = new BoundedMemory(50, whole);
    assertThat(part.reserve(51)).isFalse();
    assertThat(part.reserve(50)).isTrue();
    assertThat(whole.reserve(51)).as("what the part has left").isFalse();
    assertThat(whole.reserve(50)).isTrue();
    part.release(50);
    assertThat(whole.reserve(30)).isTrue();
    assertThat(part.reserve(21)).as("the whole has less").isFalse();
    assertThat(part.reserve(20)).isTrue();
  }
}
