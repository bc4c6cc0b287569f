package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GrowingChunkSetTest {
  @Property
  void holdsWhatWasAdded(
      @ForAll @Size(max = 20) List<@IntRange(max = 1000) Integer> firsts,
      @ForAll @Size(min = 20, max = 20) List<@IntRange(min = 1, max = 200) Integer> counts) {
    GrowingChunkSet set = new GrowingChunkSet();
    BitSet expected = new BitSet();
    for (int i = 0; i < firsts.size(); i++) {
      int first = firsts.get(i);
      int end = first + counts.get(i);
      boolean news = expected.nextClearBit(first) < end;
      expected.set(first, end);
      assertThat(set.add(new OrdinalRange(first, counts.get(i)))).isEqualTo(news);
    }
    for (int ordinal = 0; ordinal < 1300; ordinal++) {
      assertThat(set.contains(ordinal)).isEqualTo(expected.get(ordinal));
    }
    assertThat(set.size()).isEqualTo(expected.cardinality());
    assertThat(set.toBitmap()).isEqualTo(expected.toByteArray());

    GrowingChunkSet again = GrowingChunkSet.ofBitmap(set.toBitmap());
    assertThat(again.toBitmap()).isEqualTo(set.toBitmap());
    assertThat(again.size()).isEqualTo(set.size());
  }

  @Test
  void subscribersHearOfAdditionsUntilTheyLeave() {
    GrowingChunkSet set = new GrowingChunkSet();
    AtomicInteger heard = new AtomicInteger();
    Subscription subscription = set.onGrowth(heard::incrementAndGet);
    set.add(5);
    set.add(5);
    set.add(new OrdinalRange(0, 10));
    assertThat(heard).hasValue(2);
    subscription.close();
    set.add(100);
    assertThat(heard).hasValue(2);
  }

  @Test
  void ordinalsAndBitmapsAreBounded() {
    GrowingChunkSet set = new GrowingChunkSet();
    assertThatIllegalArgumentException().isThrownBy(() -> set.add(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> set.add(GrowingChunkSet.MAX_CHUNKS));
    assertThatIllegalArgumentException().isThrownBy(() -> new OrdinalRange(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new OrdinalRange(5, Long.MAX_VALUE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OrdinalRange(1, GrowingChunkSet.MAX_CHUNKS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrowingChunkSet.ofBitmap(new byte[GrowingChunkSet.MAX_BITMAP_BYTES + 1]));
    assertThat(set.contains(-1)).isFalse();
    assertThat(set.contains(Long.MAX_VALUE)).isFalse();
    assertThat(set.add(GrowingChunkSet.MAX_CHUNKS - 1)).isTrue();
    assertThat(set.toBitmap()).hasSize(GrowingChunkSet.MAX_BITMAP_BYTES);
  }

  @Test
  void manyThreadsAddAtOnce() throws Exception {
    GrowingChunkSet set = new GrowingChunkSet();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int from = t;
        tasks.add(
            () -> {
              int added = 0;
              // Each ordinal is added by two of the threads.
              for (int o = from / 2; o < 20_000; o += 4) {
                added += set.add(o) ? 1 : 0;
                assertThat(set.contains(o)).isTrue();
              }
              return added;
            });
      }
      int added = 0;
      for (Future<Integer> result : threads.invokeAll(tasks)) {
        added += result.get();
      }
      assertThat(added).isEqualTo(20_000);
    }
    assertThat(set.size()).isEqualTo(20_000);
  }

  @Test
  void everythingHasAllThatIsAndWillBe() {
    assertThat(Everything.EVERYTHING.everything()).isTrue();
    assertThat(Everything.EVERYTHING.contains(1L << 40)).isTrue();
    assertThatThrownBy(Everything.EVERYTHING::toBitmap)
        .isInstanceOf(UnsupportedOperationException.class);
    Everything.EVERYTHING.onGrowth(() -> {}).close();
  }
}
