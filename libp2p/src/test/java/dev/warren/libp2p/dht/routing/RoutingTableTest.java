package dev.warren.libp2p.dht.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.routing.RoutingTable.Settings;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
  private static final int K = Settings.PLAIN.bucketSize();

  private final Random random = new Random(7);
  private final Key self = Key.of(Contacts.peer(random));
  private final RoutingTable table = new RoutingTable(self, Settings.PLAIN);

  @Test
  void aBucketTakesSoManyAndTheFirstStay() {
    List<Contact> all = atDepth(0, K + 5);
    all.forEach(contact -> table.answered(contact, 1));
    assertThat(table.contacts()).containsExactlyElementsOf(all.subList(0, K));
  }

  @Test
  void whoFailsGivesWayToTheNewestThatWaits() {
    List<Contact> all = atDepth(0, K + 2);
    all.forEach(contact -> table.answered(contact, 1));
    table.failed(all.get(3).key(), 2);
    assertThat(table.contacts()).doesNotContain(all.get(3)).contains(all.getLast()).hasSize(K);
  }

  @Test
  void whoFailsGivesWayToTheNextThatComes() {
    List<Contact> all = atDepth(0, K + 1);
    all.subList(0, K).forEach(contact -> table.answered(contact, 1));
    table.failed(all.get(3).key(), 2);
    assertThat(table.contacts()).contains(all.get(3));
    assertThat(table.answered(all.getLast(), 3)).isTrue();
    assertThat(table.contacts()).doesNotContain(all.get(3)).contains(all.getLast());
  }

  @Test
  void whoHasFailedIsNamedToNobodyUntilItAnswersAgain() {
    Contact contact = atDepth(0, 1).getFirst();
    table.answered(contact, 1);
    table.failed(contact.key(), 2);
    assertThat(table.closest(contact.key(), K)).isEmpty();
    assertThat(table.unheardSince(0)).containsExactly(contact);
    table.answered(contact, 3);
    assertThat(table.closest(contact.key(), K)).containsExactly(contact);
  }

  @Test
  void nobodyIsForgottenWhileNobodyAnswers() {
    List<Contact> all = atDepth(0, 5);
    all.forEach(contact -> table.answered(contact, 1));
    for (int round = 2; round < 10; round++) {
      int now = round;
      all.forEach(contact -> table.failed(contact.key(), now));
    }
    assertThat(table.contacts()).containsExactlyElementsOf(all);
  }

  @Test
  void whoFailsAgainIsForgottenWhenOthersHaveAnsweredMeanwhile() {
    List<Contact> all = atDepth(0, 2);
    all.forEach(contact -> table.answered(contact, 1));
    table.failed(all.getFirst().key(), 2);
    table.answered(all.getLast(), 3);
    table.failed(all.getFirst().key(), 4);
    assertThat(table.contacts()).containsExactly(all.getLast());
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void selfIsNeverIn() {
    Contact own = Contacts.random(random);
    var ofOwn = new RoutingTable(own.key(), Settings.PLAIN);
    assertThat(ofOwn.wants(own)).isFalse();
    assertThat(ofOwn.answered(own, 1)).isFalse();
    assertThat(ofOwn.size()).isZero();
  }

  @Test
  void fewOfOneGroupOfAddressesAreLetIn() {
    var diverse = new RoutingTable(self, Settings.DIVERSE);
    var taken = new ArrayList<Integer>();
    for (int depth = 0; depth < 4; depth++) {
      int before = diverse.size();
      for (Contact contact : atDepth(depth, 4)) {
        diverse.answered(at(contact, "/ip4/11.1." + depth + ".7/tcp/4001"), 1);
      }
      taken.add(diverse.size() - before);
    }
    assertThat(taken).containsExactly(2, 1, 0, 0);
    assertThat(diverse.answered(at(atDepth(2, 1).getFirst(), "/ip4/11.2.0.7/tcp/1"), 1)).isTrue();
  }

  @Test
  void placesOfAGroupAreFreeAgainWhenItsPeersAreGone() {
    var diverse = new RoutingTable(self, Settings.DIVERSE);
    List<Contact> all =
        atDepth(0, 3).stream().map(contact -> at(contact, "/ip6/2a01:4f8::1/tcp/1")).toList();
    all.forEach(contact -> diverse.answered(contact, 1));
    assertThat(diverse.contacts()).hasSize(2);
    assertThat(diverse.wants(all.getLast())).isFalse();
    diverse.remove(all.getFirst().key());
    assertThat(diverse.wants(all.getLast())).isTrue();
    assertThat(diverse.answered(all.getLast(), 2)).isTrue();
  }

  @Test
  void whoMovesInWithTooManyOthersLosesItsPlace() {
    var diverse = new RoutingTable(self, Settings.DIVERSE);
    List<Contact> all = atDepth(0, 3);
    diverse.answered(at(all.get(0), "/ip4/11.1.0.1/tcp/1"), 1);
    diverse.answered(at(all.get(1), "/ip4/11.1.0.2/tcp/1"), 1);
    diverse.answered(at(all.get(2), "/ip4/11.2.0.1/tcp/1"), 1);
    assertThat(diverse.answered(at(all.get(2), "/ip4/11.1.0.3/tcp/1"), 2)).isFalse();
    assertThat(diverse.size()).isEqualTo(2);
    assertThat(diverse.answered(at(all.get(1), "/ip4/11.2.0.1/tcp/1"), 3)).isTrue();
    assertThat(diverse.answered(at(all.get(2), "/ip4/11.1.0.3/tcp/1"), 4)).isTrue();
  }

  @Test
  void theLegacyBlocksOfOneOrganisationAreOneGroup() {
    assertThat(IpGroups.of(at(Contacts.random(random), "/ip4/17.1.2.3/tcp/1").addresses()))
        .isEqualTo(IpGroups.of(at(Contacts.random(random), "/ip4/17.200.2.3/tcp/1").addresses()))
        .isNotEqualTo(IpGroups.of(at(Contacts.random(random), "/ip4/0.17.0.0/tcp/1").addresses()));
  }

  @Test
  void whatIsRestoredHasStillToBeHeardOf() {
    Contact contact = atDepth(3, 1).getFirst();
    table.restore(contact, 100);
    assertThat(table.contacts()).containsExactly(contact);
    assertThat(table.unheardSince(0)).containsExactly(contact);
    table.answered(contact, 200);
    assertThat(table.unheardSince(200)).isEmpty();
    assertThat(table.deepest()).hasValue(3);
    assertThat(table.sizeAt(3)).isEqualTo(1);
  }

  @Property
  void theClosestAreThoseThatSortingFinds(
      @ForAll long seed,
      @ForAll @IntRange(max = 300) int peers,
      @ForAll @IntRange(max = 25) int n) {
    var source = new Random(seed);
    var any = new RoutingTable(Key.of(Contacts.peer(source)), Settings.PLAIN);
    Stream.generate(() -> Contacts.random(source)).limit(peers).forEach(c -> any.answered(c, 1));
    Key target = Key.of(Contacts.peer(source));
    assertThat(any.closest(target, n))
        .containsExactlyElementsOf(
            any.contacts().stream()
                .sorted(Comparator.comparing(Contact::key, target::compareDistances))
                .limit(n)
                .toList());
    assertThat(any.contacts()).hasSize(any.size());
  }

  private List<Contact> atDepth(int depth, int count) {
    return Stream.generate(() -> Contacts.random(random))
        .filter(contact -> self.commonPrefixLength(contact.key()) == depth)
        .limit(count)
        .toList();
  }

  private static Contact at(Contact contact, String address) {
    return contact.at(List.of(Multiaddr.parse(address)));
  }
}
