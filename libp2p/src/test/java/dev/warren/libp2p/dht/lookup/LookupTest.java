package dev.warren.libp2p.dht.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.lookup.Lookup.Settings;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LookupTest {
  private static final long MILLIS = SmallNetwork.MILLIS;

  private final Random random = new Random(3);

  @Property(tries = 20)
  void findsTheNearestOfTwoHundred(@ForAll long seed) {
    var network = new SmallNetwork(200, seed);
    Contact self = network.peers.getFirst();
    Key target = Contacts.random(network.random).key();
    Lookup lookup = network.run(self, target, Settings.ALL);
    assertThat(lookup.closest()).containsExactlyElementsOf(network.nearest(self, target, 20));
    assertThat(lookup.isComplete()).isTrue();
  }

  @Property(tries = 20)
  void findsTheNearestThatAreAliveWhenAThirdIsNot(@ForAll long seed) {
    var network = new SmallNetwork(200, seed);
    network.dead.addAll(network.peers.subList(1, 61));
    Contact self = network.peers.getFirst();
    Key target = Contacts.random(network.random).key();
    Lookup lookup = network.run(self, target, Settings.ALL);
    // A node may be named by none that is alive; the very nearest are known to all around them.
    assertThat(lookup.closest().subList(0, 5))
        .containsExactlyElementsOf(network.nearest(self, target, 5));
    assertThat(lookup.closest()).doesNotContainAnyElementsOf(network.dead);
  }

  @Test
  void theDeadCostPatienceAndNotTheWholeTimeOut() {
    var network = new SmallNetwork(200, 5);
    network.dead.addAll(network.peers.subList(1, 61));
    network.run(network.peers.getFirst(), Contacts.random(random).key(), Settings.ALL);
    assertThat(network.nowNanos).isLessThan(4_000 * MILLIS);
  }

  @Test
  void endsSoonerWhenTheNearestFewSuffice() {
    var all = new SmallNetwork(200, 5);
    var few = new SmallNetwork(200, 5);
    Key target = Contacts.random(random).key();
    Lookup nearest = few.run(few.peers.getFirst(), target, Settings.NEAREST);
    all.run(all.peers.getFirst(), target, Settings.ALL);
    assertThat(nearest.closest().subList(0, 3))
        .containsExactlyElementsOf(few.nearest(few.peers.getFirst(), target, 3));
    assertThat(few.nowNanos).isLessThan(all.nowNanos);
  }

  @Test
  void noMoreAreAskedAtATimeThanAlpha() {
    var network = new SmallNetwork(200, 9);
    network.run(network.peers.getFirst(), Contacts.random(random).key(), Settings.ALL);
    assertThat(network.most).isEqualTo(Settings.ALL.alpha());
  }

  @Test
  void theSlowAreAskedBesidesButNotWithoutBound() {
    List<Contact> seeds = contacts(100);
    var lookup = lookup(new Settings(100, 100, 10, 1, 300, 10_000 * MILLIS), seeds);
    long now = 0;
    int asked = 0;
    for (int i = 0; i < 8; i++) {
      asked += lookup.next(now).size();
      now += 1_000 * MILLIS;
      lookup.tick(now);
    }
    assertThat(asked).isEqualTo(30);
    assertThat(lookup.slow()).hasSize(30);
    lookup.tick(10_000 * MILLIS);
    assertThat(lookup.slow()).hasSize(20);
    assertThat(lookup.next(now)).hasSize(10);
  }

  @Test
  void anAnswerThatComesLateIsAsGoodAsAny() {
    List<Contact> seeds = contacts(1);
    Lookup lookup = lookup(Settings.ALL, seeds);
    assertThat(lookup.next(0)).isEqualTo(seeds);
    lookup.tick(5_000 * MILLIS);
    assertThat(lookup.slow()).isEqualTo(seeds);
    assertThat(lookup.isDone()).isFalse(); // there is nobody else to ask
    lookup.answered(seeds.getFirst().peer(), List.of());
    assertThat(lookup.isDone()).isTrue();
    assertThat(lookup.closest()).isEqualTo(seeds);
  }

  @Test
  void anAnswerAfterTheTimeOutIsNone() {
    List<Contact> seeds = contacts(1);
    Lookup lookup = lookup(Settings.ALL, seeds);
    lookup.next(0);
    lookup.tick(10_000 * MILLIS);
    lookup.answered(seeds.getFirst().peer(), contacts(3));
    assertThat(lookup.isDone()).isTrue();
    assertThat(lookup.closest()).isEmpty();
  }

  @Test
  void whoWasNotAskedIsNotHeard() {
    List<Contact> seeds = contacts(20);
    Lookup lookup = lookup(Settings.ALL, seeds);
    lookup.answered(seeds.getFirst().peer(), contacts(5));
    lookup.answered(Contacts.peer(random), contacts(5));
    lookup.failed(Contacts.peer(random));
    assertThat(lookup.closest()).isEmpty();
    assertThat(lookup.closestAlive()).hasSize(20);
  }

  @Test
  void withoutAnybodyToAskItIsOverAtOnce() {
    assertThat(lookup(Settings.ALL, List.of()).isDone()).isTrue();
  }

  @Test
  void liesWithoutEndEndInTheEnd() {
    Lookup lookup = lookup(Settings.ALL, contacts(1));
    int asked = 0;
    while (!lookup.isDone()) {
      for (Contact contact : lookup.next(0)) {
        asked++;
        lookup.answered(contact.peer(), contacts(1_000));
      }
    }
    assertThat(asked).isLessThanOrEqualTo(Settings.ALL.maxRequests());
  }

  @Test
  void stopsWhenTheCallerHasEnough() {
    Lookup lookup = lookup(Settings.ALL, contacts(20));
    lookup.next(0);
    lookup.stop();
    assertThat(lookup.isDone()).isTrue();
    assertThat(lookup.isComplete()).isFalse();
    assertThat(lookup.next(0)).isEmpty();
  }

  @Test
  void countsHops() {
    List<Contact> chain = contacts(3);
    Lookup lookup = lookup(Settings.ALL, chain.subList(0, 1));
    for (int i = 0; i < 3; i++) {
      lookup.next(0);
      lookup.answered(chain.get(i).peer(), chain.subList(i + 1, Math.min(i + 2, 3)));
    }
    assertThat(lookup.hopsTo(chain.getLast().peer())).hasValue(2);
    assertThat(lookup.requests()).isEqualTo(3);
  }

  /** Liars who name each other only, around the target: one path follows them, others do not. */
  @Test
  void pathsThatDoNotMeetGetPastLiars() {
    int found = 0;
    int foundOnOnePath = 0;
    for (int seed = 0; seed < 20; seed++) {
      for (int paths : List.of(1, 4)) {
        var network = new SmallNetwork(200, seed);
        List<Contact> ring = network.peers.subList(1, 41);
        ring.forEach(
            liar ->
                network.liars.put(
                    liar,
                    (key, truth) ->
                        ring.stream()
                            .sorted((a, b) -> key.compareDistances(a.key(), b.key()))
                            .limit(20)
                            .toList()));
        Contact self = network.peers.getFirst();
        Key target = Contacts.random(network.random).key();
        Lookup lookup = network.run(self, target, Settings.NEAREST.withPaths(paths));
        boolean there = lookup.answerers().contains(network.nearest(self, target, 1).getFirst());
        found += there && paths == 4 ? 1 : 0;
        foundOnOnePath += there && paths == 1 ? 1 : 0;
      }
    }
    assertThat(found).isEqualTo(20).isGreaterThanOrEqualTo(foundOnOnePath);
  }

  @Test
  void noPeerIsAskedOnTwoPaths() {
    var network = new SmallNetwork(200, 4);
    Lookup lookup =
        network.run(
            network.peers.getFirst(), Contacts.random(random).key(), Settings.ALL.withPaths(4));
    assertThat(lookup.requests()).isEqualTo(network.asked);
    assertThat(lookup.answerers()).doesNotHaveDuplicates().hasSize(network.asked);
    assertThat(lookup.closest()).doesNotHaveDuplicates().hasSize(20);
  }

  private Lookup lookup(Settings settings, List<Contact> seeds) {
    return new Lookup(
        Contacts.random(random).key(), settings, Contacts.peer(random), seeds, _ -> 1_000 * MILLIS);
  }

  private List<Contact> contacts(int count) {
    return Stream.generate(() -> Contacts.random(random)).limit(count).toList();
  }
}
