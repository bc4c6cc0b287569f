package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private static final String HERE = "/ip4/127.0.0.1/tcp/1";
  private static final String THERE = "/ip4/127.0.0.1/tcp/2";

  private final Random random = new Random(1);
  private final Contact self = Contacts.random(random);

  @Test
  void eachComesOnceInTheOrderOfHearing() {
    var frontier = new Frontier(self.peer(), 10);
    Contact one = Contacts.random(random, HERE);
    Contact other = Contacts.random(random, THERE);
    frontier.hear(one);
    frontier.hear(other);
    frontier.hear(one);
    assertThat(frontier.next()).hasValue(one);
    frontier.hear(one);
    assertThat(frontier.next()).hasValue(other);
    assertThat(frontier.next()).isEmpty();
    assertThat(frontier.isComplete()).isTrue();
  }

  @Test
  void whatSeveralSayOfOnePeerIsPutTogether() {
    var frontier = new Frontier(self.peer(), 10);
    Contact peer = Contacts.random(random, HERE);
    frontier.hear(peer);
    frontier.hear(peer.at(List.of(Multiaddr.parse(THERE), Multiaddr.parse(HERE))));
    assertThat(frontier.next().orElseThrow().addresses())
        .extracting(Multiaddr::toString)
        .containsExactlyInAnyOrder(HERE, THERE);
  }

  @Test
  void nobodyHasMoreAddressesThanThereIsRoomFor() {
    var frontier = new Frontier(self.peer(), 10);
    Contact peer = Contacts.random(random);
    for (int i = 0; i < 5; i++) {
      int from = 1 + 10 * i;
      frontier.hear(
          peer.at(
              IntStream.range(from, from + 10)
                  .mapToObj(port -> Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port))
                  .toList()));
    }
    assertThat(frontier.next().orElseThrow().addresses()).hasSize(32);
  }

  @Test
  void theNodeItselfIsNotVisited() {
    var frontier = new Frontier(self.peer(), 10);
    frontier.hear(self);
    assertThat(frontier.next()).isEmpty();
  }

  @Test
  void moreThanThereIsRoomForAreLeftOut() {
    var frontier = new Frontier(self.peer(), 3);
    for (int i = 0; i < 4; i++) {
      assertThat(frontier.isComplete()).isTrue();
      frontier.hear(Contacts.random(random, HERE));
    }
    assertThat(frontier.isComplete()).isFalse();
    assertThat(IntStream.range(0, 4).filter(_ -> frontier.next().isPresent()).count()).isEqualTo(3);
  }
}
