package dev.warren.bench.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multihash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All nodes and the network between them.
 *
 * <p>A round trip takes half to one and a half times its mean. Whoever is not in the asker's table
 * has to be dialed first, which takes two round trips. The dead do not answer at all.
 */
final class World {
  /** After this a request has failed for good. */
  static final long TIMEOUT_NANOS = 10_000 * VirtualTime.MILLIS;

  final VirtualTime time = new VirtualTime();
  final SplittableRandom random;
  final List<Node> nodes = new ArrayList<>();
  private final Map<PeerId, Node> byPeer = new HashMap<>();
  private final long roundTripNanos;
  long messages;

  World(long roundTripMillis, long seed) {
    this.roundTripNanos = roundTripMillis * VirtualTime.MILLIS;
    this.random = new SplittableRandom(seed);
  }

  Node newNode() {
    return newNode(Contact.of(newPeer(), List.of()));
  }

  Node newNode(Contact contact) {
    var node = new Node(contact);
    nodes.add(node);
    byPeer.put(node.contact.peer(), node);
    return node;
  }

  PeerId newPeer() {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return PeerId.fromBytes(Multihash.of(Multihash.SHA2_256, digest).toBytes());
  }

  Target newTarget() {
    return Target.of(newPeer());
  }

  Node node(Contact contact) {
    return byPeer.get(contact.peer());
  }

  /** A node that is alive and keeps to the protocol. */
  Node anyNode() {
    while (true) {
      Node node = nodes.get(random.nextInt(nodes.size()));
      if (node.alive && node.honest) {
        return node;
      }
    }
  }

  /** A node that is alive and has come to know others. */
  Node anyMember() {
    while (true) {
      Node node = anyNode();
      if (node.table.size() >= Math.min(Node.K, nodes.size() / 2)) {
        return node;
      }
    }
  }

  /** One that has been up for long: it has looked for something before. */
  Node acquaintedMember() {
    Node node = anyMember();
    for (int i = 0; i < 4 && node.networkSize.estimate(time.nanos()).isEmpty(); i++) {
      Search.start(this, node, newTarget().key(), _ -> {});
      time.runUntil(time.nanos() + 5_000 * VirtualTime.MILLIS);
    }
    return node;
  }

  /** Takes a node out of the world. */
  void remove(Node node) {
    node.alive = false;
    node.records = Set.of();
    nodes.set(nodes.indexOf(node), nodes.getLast());
    nodes.removeLast();
  }

  /** Makes nodes that have been around for long. */
  void populate(int count) {
    for (int i = 0; i < count; i++) {
      newNode();
    }
    acquaint();
  }

  /** Lets each node know k others at each distance, or all that there are. */
  void acquaint() {
    List<Node> sorted = new ArrayList<>(nodes);
    sorted.sort(Comparator.comparing(node -> node.contact.key()));
    for (Node node : nodes) {
      int from = 0;
      int to = sorted.size();
      for (int depth = 0; to - from > 1; depth++) {
        // Those that share the prefix fall into two halves; the node is in one of them.
        int middle = split(sorted, from, to, depth);
        boolean low = !isSet(node.contact.key(), depth);
        meet(node, sorted, low ? middle : from, low ? to : middle);
        from = low ? from : middle;
        to = low ? middle : to;
      }
    }
  }

  private static int split(List<Node> sorted, int from, int to, int bit) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isSet(sorted.get(middle).contact.key(), bit)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static boolean isSet(Key key, int bit) {
    return key.withFlipped(bit).compareTo(key) < 0;
  }

  private void meet(Node node, List<Node> sorted, int from, int to) {
    Set<Integer> chosen = new HashSet<>();
    while (chosen.size() < Math.min(Node.K, to - from)) {
      chosen.add(to - from <= Node.K ? from + chosen.size() : random.nextInt(from, to));
    }
    for (int index : chosen) {
      node.table.answered(sorted.get(index).contact, 0);
    }
  }

  /** Sends a request and hands over the answerer after a round trip; nothing if it is not there. */
  void ask(Node from, Contact to, Consumer<Node> answer) {
    messages++;
    @Nullable Node node = byPeer.get(to.peer());
    boolean connected = from.table.find(to.key()).isPresent();
    long start = time.nanos();
    time.after(
        roundTrips(connected ? 1 : 3),
        () -> {
          if (node != null && node.alive && from.alive) {
            (connected ? from.connected : from.dialed).observe(time.nanos() - start);
            from.table.answered(to, time.nanos());
            if (node.table.wants(from.contact)) {
              messages++; // it asks back before it takes anybody in
              node.table.answered(from.contact, time.nanos());
            }
            answer.accept(node);
          }
        });
  }

  private long roundTrips(int count) {
    long nanos = 0;
    for (int i = 0; i < count; i++) {
      nanos += (long) (roundTripNanos * (0.5 + random.nextDouble()));
    }
    return nanos;
  }
}
