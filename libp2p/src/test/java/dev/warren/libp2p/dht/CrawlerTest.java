package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real hosts, joined by nothing but memory. */
class CrawlerTest {
  /** More than one answer names. */
  private static final int SERVERS = 40;

  private static final DhtNetwork NETWORK = new DhtNetwork("/test/kad/1.0.0", Reach.ANY);

  private final MemoryTransport transport = new MemoryTransport();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Dht> nodes = new ArrayList<>();
  private Dht visitor;

  @BeforeEach
  void join() throws IOException {
    for (int i = 0; i < SERVERS; i++) {
      Dht node = add(Mode.SERVER);
      if (i > 0) {
        node.bootstrap(hosts.getFirst().addressesWithPeer());
      }
    }
    visitor = add(Mode.CLIENT);
    visitor.bootstrap(hosts.getFirst().addressesWithPeer());
  }

  @AfterEach
  void leave() {
    nodes.forEach(Dht::close);
    hosts.forEach(Host::close);
  }

  @Test
  void everyServerIsVisitedOnceAndSaysWhatItIs() throws IOException {
    var visited = new ArrayList<Crawled>();
    assertThat(visitor.crawl(1000, visited::add)).isTrue();
    assertThat(visited)
        .extracting(each -> each.contact().peer())
        .containsExactlyInAnyOrderElementsOf(
            hosts.stream().limit(SERVERS).map(Host::peerId).toList());
    assertThat(visited)
        .allSatisfy(
            each -> {
              assertThat(each.answered()).isTrue();
              assertThat(each.agent()).isEqualTo(Optional.of("crawled/1"));
              assertThat(each.named()).isGreaterThan(20).isLessThan(SERVERS);
            });
  }

  @Test
  void whoHasGoneIsCountedAndDoesNotAnswer() throws IOException {
    Host gone = hosts.get(SERVERS - 1);
    gone.close(); // without a word to the others' tables
    var visited = new ArrayList<Crawled>();
    visitor.crawl(1000, visited::add);
    assertThat(visited)
        .filteredOn(each -> !each.answered())
        .extracting(each -> each.contact().peer())
        .containsAnyOf(gone.peerId());
    assertThat(visited).filteredOn(Crawled::answered).hasSize(SERVERS - 1);
  }

  @Test
  void noMoreAreVisitedThanWanted() throws IOException {
    var visited = new ArrayList<Crawled>();
    assertThat(visitor.crawl(25, visited::add)).isFalse();
    assertThat(visited).hasSize(25);
  }

  @Test
  void connectionsThatWereNotThereBeforeAreGoneAfterwards() throws IOException {
    Host host = hosts.getLast();
    visitor.refresh();
    List<Contact> before = visitor.snapshot();
    long connected = host.connections().size();
    visitor.crawl(1000, _ -> {});
    assertThat(host.connections()).hasSizeLessThanOrEqualTo((int) connected);
    assertThat(visitor.snapshot()).containsAll(before);
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> visitor.crawl(1000, _ -> {}))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void withoutAnybodyThereIsNowhereToBegin() throws IOException {
    Dht alone = add(Mode.CLIENT);
    assertThatThrownBy(() -> alone.crawl(1000, _ -> {})).isInstanceOf(NoPeersException.class);
  }

  @Test
  void aRefreshedTableHoldsAllThatASmallNetworkHas() throws IOException {
    visitor.refresh();
    assertThat(visitor.size()).isGreaterThan(SERVERS / 2);
  }

  private Dht add(Mode mode) throws IOException {
    Host host = Host.builder().transport(transport).agent("crawled/1").listen("/memory/0").start();
    hosts.add(host);
    Dht node = Dht.on(host).network(NETWORK).mode(mode).start();
    nodes.add(node);
    return node;
  }
}
