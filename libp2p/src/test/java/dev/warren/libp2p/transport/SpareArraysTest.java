package dev.warren.libp2p.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArraysTest {
  private final SpareArrays arrays = new SpareArrays(16, 2);

  @Test
  void anArrayThatWasGivenBackIsUsedAgain() {
    byte[] array = arrays.take();
    assertThat(array).hasSize(16);
    arrays.giveBack(array);
    assertThat(arrays.take()).isSameAs(array);
    assertThat(arrays.take()).isNotSameAs(array);
  }

  @Test
  void noMoreAreKeptThanTheLimit() {
    byte[][] given = {arrays.take(), arrays.take(), arrays.take()};
    for (byte[] array : given) {
      arrays.giveBack(array);
    }
    assertThat(arrays.take()).isSameAs(given[1]);
    assertThat(arrays.take()).isSameAs(given[0]);
    assertThat(arrays.take()).isNotSameAs(given[2]);
  }
}
