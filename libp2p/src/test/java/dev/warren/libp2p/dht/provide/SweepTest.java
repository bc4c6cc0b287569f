package dev.warren.libp2p.dht.provide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SweepTest {
  private static final int K = 20;
  private static final Duration INTERVAL = Duration.ofHours(22);

  private final Random random = new Random(8);
  private final Sweep sweep = new Sweep(INTERVAL, K, 0);

  @Test
  void withoutKeysNothingIsDue() {
    assertThat(sweep.nextNanos()).isEmpty();
    Target key = keys(1).getFirst();
    sweep.add(key);
    sweep.remove(key);
    assertThat(sweep.nextNanos()).isEmpty();
    assertThat(sweep.size()).isZero();
  }

  @Test
  void everyKeyComesUpOnceInEachInterval() {
    List<Target> keys = keys(500);
    keys.forEach(sweep::add);
    for (int pass = 0; pass < 3; pass++) {
      var seen = new ArrayList<Target>();
      while (sweep.nextNanos().orElseThrow() < INTERVAL.toNanos() * (pass + 1)) {
        long now = sweep.nextNanos().orElseThrow();
        assertThat(now).isGreaterThanOrEqualTo(INTERVAL.toNanos() * pass);
        Sweep.Batch batch = sweep.next(now, OptionalDouble.of(10_000));
        seen.addAll(batch.keys());
        sweep.done(batch);
      }
      assertThat(seen).containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @Test
  void keysOfARegionComeUpTogether() {
    keys(1_000).forEach(sweep::add);
    Sweep.Batch batch = sweep.next(0, OptionalDouble.of(10_000));
    Region region = batch.region().orElseThrow();
    assertThat(region.bits()).isEqualTo(7); // 10,000 / 2^7 are 78 peers, between 2 and 4 times k
    assertThat(batch.keys()).hasSizeGreaterThan(1).allMatch(key -> region.contains(key.key()));
  }

  @Test
  void fewKeysAreNotWorthLookingForAllPeers() {
    keys(3).forEach(sweep::add);
    assertThat(sweep.next(0, OptionalDouble.of(1_000_000)).region()).isEmpty();
  }

  @Test
  void aSmallNetworkIsOneRegion() {
    keys(50).forEach(sweep::add);
    Sweep.Batch batch = sweep.next(0, OptionalDouble.of(30));
    assertThat(batch.region().orElseThrow().bits()).isZero();
    assertThat(batch.keys()).hasSize(50);
  }

  @Test
  void whileNothingIsKnownOfTheNetworkKeysComeUpOneByOne() {
    keys(50).forEach(sweep::add);
    Sweep.Batch batch = sweep.next(0, OptionalDouble.empty());
    assertThat(batch.region()).isEmpty();
    assertThat(batch.keys()).hasSize(1);
  }

  @Test
  void whatIsNotDoneComesUpAgain() {
    keys(50).forEach(sweep::add);
    assertThat(sweep.next(0, OptionalDouble.empty()))
        .isEqualTo(sweep.next(1, OptionalDouble.empty()));
  }

  @Test
  void afterALongSleepEverythingComesUpOnce() {
    keys(100).forEach(sweep::add);
    long now = INTERVAL.multipliedBy(5).toNanos();
    int batches = 0;
    while (sweep.nextNanos().orElseThrow() <= now) {
      sweep.done(sweep.next(now, OptionalDouble.empty()));
      batches++;
    }
    assertThat(batches).isBetween(100, 201);
  }

  @Property(tries = 50)
  void aSearchFindsEverybodyInTheRegion(
      @ForAll long seed,
      @ForAll @IntRange(max = 2_000) int size,
      @ForAll @IntRange(max = 5) int bits) {
    var source = new Random(seed);
    List<Contact> peers = Stream.generate(() -> Contacts.random(source)).limit(size).toList();
    var region = new Region(Contacts.random(source).key(), bits);
    var search = new RegionSearch(region, K, source);
    int lookups = 0;
    for (Optional<Target> target = search.next(); target.isPresent(); target = search.next()) {
      search.found(target.get(), nearest(peers, target.get().key()));
      lookups++;
    }
    List<Contact> wanted = peers.stream().filter(peer -> region.contains(peer.key())).toList();
    assertThat(lookups).isLessThanOrEqualTo(64);
    // A crowd in one of the smallest parts that are looked at is not taken apart any further.
    boolean crowded =
        wanted.stream()
            .anyMatch(
                one ->
                    wanted.stream()
                            .filter(it -> it.key().commonPrefixLength(one.key()) >= bits + 6)
                            .count()
                        > K);
    if (lookups < 64 && !crowded) {
      assertThat(search.peers()).containsAll(wanted);
      assertThat(lookups).isLessThanOrEqualTo(1 + wanted.size() / 4);
    }
  }

  private static List<Contact> nearest(List<Contact> peers, Key target) {
    return peers.stream()
        .sorted(Comparator.comparing(Contact::key, target::compareDistances))
        .limit(K)
        .toList();
  }

  private List<Target> keys(int count) {
    return Stream.generate(() -> Target.of(Contacts.peer(random))).limit(count).toList();
  }
}
