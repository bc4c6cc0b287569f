package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PeerStreamIdsTest {
  private final PeerStreamIds ids = new PeerStreamIds();

  @Property
  void noticesEveryIdOfTheLastThousandThatComesAgain(
      @ForAll @IntRange(max = 1) int parity,
      @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 400) Integer> offsets) {
    PeerStreamIds checked = new PeerStreamIds();
    Set<Integer> model = new HashSet<>();
    int base = 0;
    for (int offset : offsets) {
      base += 3;
      int id = 2 * (base + offset) + parity;
      assertThat(checked.claim(id)).isEqualTo(model.add(id));
    }
  }

  @Test
  void takesIdsInAnyOrder() {
    assertThat(ids.claim(9)).isTrue();
    assertThat(ids.claim(5)).isTrue();
    assertThat(ids.claim(7)).isTrue();
    assertThat(ids.claim(5)).isFalse();
  }

  @Test
  void forgetsIdsWhenItJumpsAhead() {
    assertThat(ids.claim(1)).isTrue();
    assertThat(ids.claim(1 + 2 * PeerStreamIds.REMEMBERED)).isTrue();
    assertThat(ids.claim(3 + 2 * PeerStreamIds.REMEMBERED)).isTrue();
    assertThat(ids.claim(1 + 2 * PeerStreamIds.REMEMBERED)).isFalse();
    assertThat(ids.claim(1)).as("too long ago").isTrue();
  }

  @Test
  void readsIdsAsUnsigned() {
    assertThat(ids.claim(1)).isTrue();
    assertThat(ids.claim(-1)).isTrue();
    assertThat(ids.claim(-3)).isTrue();
    assertThat(ids.claim(-1)).isFalse();
  }
}
