package dev.warren.protocols.transfer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocols.transfer.content.OrdinalRange;
import dev.warren.protocols.transfer.fetch.ChunkScheduler.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkSchedulerTest {
  private final ChunkScheduler scheduler = new ChunkScheduler(new Random(1));

  @Test
  void aSingleSourceIsAskedInOrderAndForNothingTwice() {
    scheduler.grow(10);
    Source source = full();
    assertThat(scheduler.next(source, 4)).containsExactly(0, 1, 2, 3);
    assertThat(scheduler.next(source, 4)).containsExactly(4, 5, 6, 7);
    assertThat(scheduler.next(source, 4)).containsExactly(8, 9);
    assertThat(scheduler.next(source, 4)).isEmpty();
    scheduler.grow(11);
    assertThat(scheduler.next(source, 4)).containsExactly(10);
  }

  @Test
  void whatIsHereAlreadyIsNotAskedFor() {
    scheduler.done(1);
    scheduler.grow(3);
    scheduler.done(2);
    assertThat(scheduler.next(full(), 4)).containsExactly(0);
  }

  @Test
  void whatTurnsOutToBeNeededAfterAllIsAskedFor() {
    scheduler.done(0);
    scheduler.grow(1);
    assertThat(scheduler.complete()).isTrue();
    scheduler.needAgain(0);
    assertThat(scheduler.complete()).isFalse();
    assertThat(scheduler.next(full(), 4)).containsExactly(0);
  }

  @Test
  void whatALostSourceWasAskedForIsMissingAgain() {
    scheduler.grow(4);
    Source lost = full();
    Source other = full();
    scheduler.next(lost, 2);
    scheduler.next(other, 2);
    scheduler.leave(lost);
    assertThat(scheduler.next(other, 4)).containsExactly(0, 1);
  }

  @Test
  void theRarestChunksGoFirst() {
    scheduler.grow(6);
    Source full = full();
    Source a = scheduler.join();
    Source b = scheduler.join();
    scheduler.holds(a, new OrdinalRange(0, 6));
    scheduler.holds(b, new OrdinalRange(0, 3));
    scheduler.holds(b, new OrdinalRange(5, 1));
    assertThat(scheduler.next(full, 6)).containsExactly(3, 4);
    scheduler.leave(b);
    scheduler.leave(a);
    assertThat(scheduler.next(full, 6)).containsExactly(0, 1, 2);
  }

  @Test
  void aPartialSourceIsAskedForWhatItHasOnly() {
    scheduler.grow(10);
    Source partial = scheduler.join();
    assertThat(scheduler.next(partial, 10)).isEmpty();
    scheduler.holds(partial, new OrdinalRange(4, 2));
    assertThat(IntStream.concat(next(partial), next(partial))).containsExactlyInAnyOrder(4, 5);
    assertThat(scheduler.next(partial, 10)).isEmpty();
    assertThat(scheduler.obtainable(4)).isTrue();
    assertThat(scheduler.obtainable(0)).isFalse();
  }

  @Test
  void whatASourceHoldsBeyondTheManifestCountsOnceTheManifestNamesIt() {
    scheduler.grow(10);
    Source ahead = scheduler.join();
    scheduler.holds(ahead, new OrdinalRange(8, ChunkScheduler.MAX_CHUNKS - 8));
    assertThat(scheduler.next(ahead, 100)).containsExactly(8, 9);
    scheduler.grow(12);
    assertThat(scheduler.next(ahead, 100)).containsExactly(10, 11);
    scheduler.grow(13);
    assertThat(scheduler.next(ahead, 100)).containsExactly(12);
  }

  @Test
  void anIdleSourceHelpsFromTheEndButNoChunkIsAskedForMoreThanTwice() {
    scheduler.grow(3);
    Source slow = full();
    scheduler.next(slow, 3);
    Source idle = full();
    assertThat(scheduler.next(idle, 8)).isEmpty();
    assertThat(scheduler.help(idle, 2)).containsExactly(1, 2);
    assertThat(scheduler.help(idle, 2)).containsExactly(0);
    assertThat(scheduler.help(full(), 8)).isEmpty();
    assertThat(scheduler.help(slow, 8)).isEmpty();
    scheduler.leave(idle);
    assertThat(scheduler.help(full(), 8)).containsExactly(0, 1, 2);
  }

  @Test
  void aSourceIsNotAskedAgainForWhatItCannotGive() {
    scheduler.grow(2);
    Source source = full();
    scheduler.next(source, 2);
    scheduler.cannotGive(source, 0);
    assertThat(scheduler.next(source, 2)).isEmpty();
    assertThat(scheduler.obtainable(0)).isFalse();
    assertThat(scheduler.next(full(), 1)).containsExactly(0);
  }

  @Test
  void moreChunksThanCanBeCountedAreRefused() {
    assertThatThrownBy(() -> scheduler.grow(ChunkScheduler.MAX_CHUNKS + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 300)
  void allThatSomebodyHoldsArrivesHoweverSourcesComeGoAndFail(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int chunks) {
    Random random = new Random(seed);
    ChunkScheduler torn = new ChunkScheduler(random);
    torn.grow(chunks);
    BitSet arrived = new BitSet();
    List<Source> sources = new ArrayList<>();
    ArrayDeque<Asked> onTheWay = new ArrayDeque<>();
    Source lasting = torn.join();
    torn.holdsEverything(lasting);
    sources.add(lasting);
    for (int step = 0; !torn.complete(); step++) {
      assertThat(step).isLessThan(20_000);
      switch (random.nextInt(8)) {
        case 0 -> {
          if (sources.size() == ChunkScheduler.MAX_SOURCES) {
            continue;
          }
          Source partial = torn.join();
          torn.holds(partial, new OrdinalRange(random.nextInt(chunks), 1 + random.nextInt(20)));
          sources.add(partial);
        }
        case 1 -> {
          if (sources.size() > 1) {
            Source leaving = sources.remove(1 + random.nextInt(sources.size() - 1));
            torn.leave(leaving);
            onTheWay.removeIf(asked -> asked.source == leaving);
          }
        }
        case 2, 3, 4 -> {
          Source source = sources.get(random.nextInt(sources.size()));
          int max = 1 + random.nextInt(16);
          IntStream.concat(
                  IntStream.of(torn.next(source, max)), IntStream.of(torn.help(source, max)))
              .forEach(ordinal -> onTheWay.add(new Asked(source, ordinal)));
        }
        default -> {
          Asked asked = onTheWay.poll();
          if (asked != null && asked.source != lasting && random.nextInt(5) == 0) {
            torn.cannotGive(asked.source, asked.ordinal);
          } else if (asked != null) {
            torn.given(asked.source, asked.ordinal);
            torn.done(asked.ordinal);
            arrived.set(asked.ordinal);
          }
        }
      }
    }
    assertThat(arrived.cardinality()).isEqualTo(chunks);
  }

  private IntStream next(Source source) {
    return IntStream.of(scheduler.next(source, 10));
  }

  private Source full() {
    Source source = scheduler.join();
    scheduler.holdsEverything(source);
    return source;
  }

  private record Asked(Source source, int ordinal) {}
}
