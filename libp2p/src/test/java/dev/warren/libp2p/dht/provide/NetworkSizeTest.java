package dev.warren.libp2p.dht.provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkSizeTest {
  private static final int K = 20;

  private final Random random = new Random(2);
  private final NetworkSize size = new NetworkSize(K);

  @Test
  void isToldFromHowNearTheNearestAre() {
    List<Contact> peers = peers(5_000);
    for (int i = 0; i < 30; i++) {
      observe(peers);
    }
    assertThat(size.estimate(0).orElseThrow()).isCloseTo(5_000, within(750.0));
  }

  @Test
  void isNotToldFromLittle() {
    List<Contact> peers = peers(100);
    observe(peers);
    observe(peers);
    assertThat(size.estimate(0)).isEmpty();
    observe(peers);
    assertThat(size.estimate(0)).isPresent();
    assertThat(size.estimate(Duration.ofHours(3).toNanos())).isEmpty();
  }

  @Test
  void tooFewPeersTellNothing() {
    for (int i = 0; i < 5; i++) {
      observe(peers(K - 1));
    }
    assertThat(size.estimate(0)).isEmpty();
  }

  @Test
  void fewCrowdedKeysDoNotMoveIt() {
    List<Contact> peers = peers(2_000);
    for (int i = 0; i < 20; i++) {
      observe(peers);
    }
    double before = size.estimate(0).orElseThrow();
    List<Contact> crowd = peers(50_000);
    for (int i = 0; i < 4; i++) {
      observe(crowd);
    }
    assertThat(size.estimate(0).orElseThrow()).isCloseTo(before, within(before / 3));
  }

  @Test
  void aCrowdedKeyCountsOnceHoweverOftenItIsLookedFor() {
    List<Contact> peers = peers(2_000);
    for (int i = 0; i < 10; i++) {
      observe(peers);
    }
    double before = size.estimate(0).orElseThrow();
    List<Contact> crowd = peers(50_000);
    Key key = Contacts.random(random).key();
    for (int i = 0; i < 64; i++) {
      size.observe(key, nearest(crowd, key, K), i);
    }
    assertThat(size.estimate(64).orElseThrow()).isCloseTo(before, within(before / 3));
  }

  /** Values of the regularized incomplete gamma function, from its tables. */
  @Test
  void quantilesAreThoseOfTheErlangDistribution() {
    assertThat(Erlang.quantile(1, 0.5)).isCloseTo(Math.log(2), within(1e-9));
    assertThat(Erlang.quantile(20, 0.1)).isCloseTo(14.525, within(1e-3));
    assertThat(Erlang.quantile(11, 0.9)).isCloseTo(15.407, within(1e-3));
    assertThat(Erlang.chanceBelow(3, 0)).isCloseTo(0, within(1e-12));
  }

  @Test
  void recordsGoToTheNearestBeforeTheLookUpIsOver() {
    List<Contact> peers = peers(1_000);
    Key target = Contacts.random(random).key();
    List<Contact> nearest = nearest(peers, target, K);
    Lookup lookup = lookup(target, nearest);
    var plan = new OptimisticProvide(lookup, K, OptionalDouble.of(1_000));
    List<Contact> chosen = plan.whomNow();
    assertThat(chosen).hasSizeGreaterThan(5);
    assertThat(lookup.isDone()).isTrue(); // nobody nearer is to be expected
    var all = new ArrayList<>(chosen);
    all.addAll(plan.whomFinally());
    assertThat(all).containsExactlyInAnyOrderElementsOf(nearest);
    assertThat(plan.whomFinally()).isEmpty();
  }

  @Test
  void nobodyFarGetsARecordEarly() {
    Key target = Contacts.random(random).key();
    Lookup lookup = lookup(target, peers(K));
    var plan = new OptimisticProvide(lookup, K, OptionalDouble.of(1_000_000));
    assertThat(plan.whomNow()).isEmpty();
    assertThat(lookup.isDone()).isFalse();
  }

  @Test
  void withoutAnEstimateRecordsGoToTheNearestInTheEnd() {
    Key target = Contacts.random(random).key();
    List<Contact> nearest = nearest(peers(100), target, K);
    Lookup lookup = lookup(target, nearest);
    var plan = new OptimisticProvide(lookup, K, OptionalDouble.empty());
    while (!lookup.isDone()) {
      assertThat(plan.whomNow()).isEmpty();
      lookup.next(0).forEach(contact -> lookup.answered(contact.peer(), List.of()));
    }
    assertThat(plan.whomFinally()).isEqualTo(nearest);
  }

  private void observe(List<Contact> peers) {
    Key target = Contacts.random(random).key();
    size.observe(target, nearest(peers, target, K), 0);
  }

  private static List<Contact> nearest(List<Contact> peers, Key target, int count) {
    return peers.stream()
        .sorted(Comparator.comparing(Contact::key, target::compareDistances))
        .limit(count)
        .toList();
  }

  private Lookup lookup(Key target, List<Contact> seeds) {
    return new Lookup(target, Lookup.Settings.ALL, Contacts.peer(random), seeds, _ -> 1);
  }

  private List<Contact> peers(int count) {
    return Stream.generate(() -> Contacts.random(random)).limit(count).toList();
  }
}
