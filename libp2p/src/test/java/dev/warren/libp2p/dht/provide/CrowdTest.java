package dev.warren.libp2p.dht.provide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CrowdTest {
  private static final int K = 20;
  private static final int SIZE = 3_000;

  private final Random random = new Random(6);
  private final List<Contact> honest =
      Stream.generate(() -> Contacts.random(random)).limit(SIZE).toList();
  private final Key target = Contacts.random(random).key();

  @Test
  void showsByChanceOnceInThreeHundredTimes() {
    long shown =
        Stream.generate(() -> Contacts.random(random).key())
            .limit(600)
            .filter(key -> around(key, honest, OptionalDouble.of(SIZE)).isPresent())
            .count();
    assertThat(shown).isLessThan(8);
  }

  @Test
  void doesNotShowWithoutAnEstimateOrAmongFewPeers() {
    List<Contact> all = with(sybils(100, 30));
    assertThat(around(target, all, OptionalDouble.empty())).isEmpty();
    assertThat(around(target, sybils(19, 30), OptionalDouble.of(SIZE))).isEmpty();
    assertThat(around(target, all, OptionalDouble.of(SIZE))).isPresent();
  }

  /** However near they are: to look for one that is as near would take for ever. */
  @ParameterizedTest
  @ValueSource(ints = {13, 20, 60})
  void twentyOthersAreMetHoweverManyAreInTheCrowd(int sharedBits) {
    for (int count : List.of(20, 100, 1_000)) {
      List<Contact> sybils = sybils(count, sharedBits);
      List<Contact> all = with(sybils);
      List<Contact> met = new ArrayList<>();
      int lookups = 0;
      Crowd crowd = around(target, all, OptionalDouble.of(SIZE)).orElseThrow();
      for (var next = crowd.next(); next.isPresent(); next = crowd.next()) {
        lookups++;
        met.addAll(crowd.found(next.get(), nearest(all, next.get().key())));
      }
      assertThat(met).doesNotHaveDuplicates();
      assertThat(met.stream().filter(honest::contains).count()).isBetween(20L, 60L);
      assertThat(met.stream().filter(sybils::contains).count()).isLessThan(10);
      assertThat(lookups).isLessThan(40);
    }
  }

  @Test
  void isAheadWhenThoseWhoAreNamedAreFarTooMany() {
    OptionalDouble size = OptionalDouble.of(SIZE);
    assertThat(Crowd.isAhead(target, sybils(20, 13), K, size)).isTrue();
    assertThat(Crowd.isAhead(target, sybils(20, 13), K, OptionalDouble.empty())).isFalse();
    assertThat(Crowd.isAhead(target, nearest(honest, target), K, size)).isFalse();
    // Nor where half of those in everybody's table are gone.
    OptionalDouble alive = OptionalDouble.of(SIZE / 2);
    assertThat(Crowd.isAhead(target, nearest(honest, target), K, alive)).isFalse();
  }

  @Test
  void whoIsSpreadOverTheWholeRegionIsMetInPart() {
    List<Contact> sybils = sybils(1_000, 6); // of the 64 that are to be expected there
    List<Contact> all = with(sybils);
    Crowd crowd = around(target, all, OptionalDouble.of(SIZE)).orElseThrow();
    int met = 0;
    for (var next = crowd.next(); next.isPresent(); next = crowd.next()) {
      met += crowd.found(next.get(), nearest(all, next.get().key())).size();
    }
    assertThat(met).isBetween(20, 160);
  }

  private Optional<Crowd> around(Key key, List<Contact> peers, OptionalDouble size) {
    List<Contact> nearest = nearest(peers, key);
    return Crowd.around(key, nearest, nearest, K, size, random);
  }

  private List<Contact> with(List<Contact> sybils) {
    return Stream.concat(honest.stream(), sybils.stream()).toList();
  }

  private List<Contact> sybils(int count, int sharedBits) {
    return Stream.generate(() -> Contacts.peer(random))
        .limit(count)
        .map(peer -> new Contact(peer, near(sharedBits), List.of()))
        .toList();
  }

  private Key near(int sharedBits) {
    Key key = Contacts.random(random).key();
    for (int bit = 0; bit < sharedBits; bit++) {
      key = key.withFlipped(bit).commonPrefixLength(target) > bit ? key.withFlipped(bit) : key;
    }
    return key;
  }

  private static List<Contact> nearest(List<Contact> peers, Key key) {
    return peers.stream()
        .sorted(Comparator.comparing(Contact::key, key::compareDistances))
        .limit(K)
        .toList();
  }
}
