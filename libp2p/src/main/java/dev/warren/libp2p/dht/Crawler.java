package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks through a network from peer to peer, until nobody is named any more who was not visited.
 * Each peer is asked for what its table holds at one distance after the other, which takes as many
 * questions as the table has buckets.
 */
final class Crawler implements HostListener {
  private static final Logger log = LoggerFactory.getLogger(Crawler.class);

  private static final int MAX_PARALLEL = 64;

  /** A bucket farther in has a peer in it only where there are more than a million. */
  private static final int MAX_DEPTH = 15;

  /** An honest answer names k peers. */
  private static final int MAX_NAMED = 2 * Dht.K;

  private static final Duration LONGEST_VISIT = Duration.ofSeconds(30);

  /** Who a peer is, it says beside its answers, and mostly before the last of them. */
  private static final Duration LONGEST_FOR_NAME = Duration.ofSeconds(1);

  private record Visited(Crawled crawled, List<Contact> named) {}

  private final Host host;
  private final KadClient client;
  private final Reach reach;
  private final RandomGenerator random;
  private final Frontier frontier;
  private final Map<PeerId, CountDownLatch> unnamed = new ConcurrentHashMap<>();

  Crawler(Host host, KadClient client, Reach reach, RandomGenerator random, int maxPeers) {
    this.host = host;
    this.client = client;
    this.reach = reach;
    this.random = random;
    frontier = new Frontier(host.peerId(), maxPeers);
  }

  /**
   * Visits all that there are.
   *
   * @param each is told of each on the calling thread
   * @return whether that were all who have been named
   */
  boolean crawl(List<Contact> seeds, Consumer<Crawled> each) throws InterruptedIOException {
    Map<PeerId, Call> running = new HashMap<>();
    BlockingQueue<Visited> visits = new LinkedBlockingQueue<>(); // as many as there are calls
    seeds.forEach(frontier::hear);
    host.addListener(this);
    try {
      while (true) {
        begin(running, visits);
        if (running.isEmpty()) {
          return frontier.isComplete();
        }
        Visited visited = visits.take();
        running.remove(visited.crawled.contact().peer());
        visited.named.forEach(frontier::hear);
        each.accept(visited.crawled);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the crawl was interrupted");
    } finally {
      running.values().forEach(Call::cancel);
      host.removeListener(this);
    }
  }

  private void begin(Map<PeerId, Call> running, BlockingQueue<Visited> visits) {
    while (running.size() < MAX_PARALLEL) {
      Optional<Contact> next = frontier.next();
      if (next.isEmpty()) {
        return;
      }
      Contact contact = next.get();
      var call = new Call();
      running.put(contact.peer(), call);
      var chance = new SplittableRandom(random.nextLong()); // of one thread
      Thread.ofVirtual().name("dht-crawl").start(() -> visits.add(visit(contact, call, chance)));
    }
  }

  private Visited visit(Contact contact, Call call, RandomGenerator chance) {
    PeerId peer = contact.peer();
    boolean wasConnected = client.isConnected(peer);
    var named = new LinkedHashMap<PeerId, Contact>();
    int answers = 0;
    unnamed.put(peer, new CountDownLatch(1));
    try (var _ = host.time().after(LONGEST_VISIT, call::cancel)) {
      for (int before = -1; named.size() > before && answers <= MAX_DEPTH; answers++) {
        before = named.size();
        ask(contact, Target.atDepth(contact.key(), answers, chance), call, named);
      }
    } catch (IOException e) {
      log.debug("{} does not answer: {}", peer, e.toString());
    } catch (RuntimeException e) {
      log.warn("the visit to {} met a fault", peer, e);
    }
    try {
      Optional<String> agent = answers > 0 ? agent(peer) : Optional.empty();
      return new Visited(
          new Crawled(contact, answers > 0, agent, named.size()), List.copyOf(named.values()));
    } finally {
      unnamed.remove(peer);
      if (!wasConnected) {
        host.disconnect(peer); // there are more of them than connections that a host may have
      }
    }
  }

  private void ask(Contact contact, Target target, Call call, Map<PeerId, Contact> named)
      throws IOException {
    client.ask(contact, new Request.FindNode(target), call).closer().stream()
        .limit(MAX_NAMED)
        .filter(closer -> !closer.peer().equals(contact.peer()))
        .map(closer -> closer.at(reach.filter(closer.addresses())))
        .forEach(closer -> named.putIfAbsent(closer.peer(), closer));
  }

  private Optional<String> agent(PeerId peer) {
    CountDownLatch latch = unnamed.getOrDefault(peer, new CountDownLatch(0));
    if (host.peerstore().info(peer).isEmpty()) {
      try (var _ = host.time().after(LONGEST_FOR_NAME, latch::countDown)) {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody is there who would
      }
    }
    return host.peerstore().info(peer).map(PeerInfo::agent);
  }

  @Override
  public void identified(PeerId peer, PeerInfo info) {
    CountDownLatch latch = unnamed.get(peer);
    if (latch != null) {
      latch.countDown();
    }
  }
}
