package dev.warren.bench.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Somebody who wants a key for himself: his peers are around it, keep nothing, and name only each
 * other. Their keys are made up, which spares the search for ids that have them.
 */
enum Attack {
  /** All nearer to the key than any other peer. */
  NEAREST("nearest") {
    @Override
    int sharedBits(World world, Key target) {
      return nearestBits(world, target);
    }
  },

  /** Nearer than any other, and each answer names twenty peers that are not there. */
  NEAREST_AND_NOBODY("nearest, name nobody") {
    @Override
    int sharedBits(World world, Key target) {
      return nearestBits(world, target);
    }

    @Override
    List<Contact> names(World world, Key target, int bits, List<Contact> friends) {
      return Stream.generate(() -> contact(world, target, bits)).limit(Node.K).toList();
    }
  },

  /** All over the region of the 26 to 52 nearest of the others. */
  SPREAD("spread around") {
    @Override
    int sharedBits(World world, Key target) {
      return Math.getExponent(world.nodes.stream().filter(node -> node.honest).count() / 26.0);
    }
  };

  final String title;

  Attack(String title) {
    this.title = title;
  }

  /** How many bits the attacker's peers share with the target at least. */
  abstract int sharedBits(World world, Key target);

  /** Whom the attacker's peers name, who have these friends. */
  List<Contact> names(World world, Key target, int bits, List<Contact> friends) {
    return friends;
  }

  /** Puts peers around the target, before the nodes get to know each other. */
  void begin(World world, Key target, int count) {
    int bits = sharedBits(world, target);
    List<Contact> friends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Contact friend = contact(world, target, bits);
      friends.add(friend);
      Node node = world.newNode(friend);
      node.honest = false;
      node.names =
          wanted ->
              names(
                  world,
                  target,
                  bits,
                  friends.stream()
                      .sorted(Comparator.comparing(Contact::key, wanted::compareDistances))
                      .limit(Node.K)
                      .toList());
    }
  }

  private static int nearestBits(World world, Key target) {
    return 1
        + world.nodes.stream()
            .filter(node -> node.honest)
            .mapToInt(node -> target.commonPrefixLength(node.contact.key()))
            .max()
            .orElse(0);
  }

  private static Contact contact(World world, Key target, int bits) {
    ByteBuffer key = ByteBuffer.wrap(target.toBytes());
    long others = -1L >>> bits; // of the first word; no network has so many peers
    key.putLong(0, (key.getLong(0) & ~others) | (world.random.nextLong() & others));
    key.putLong(Long.BYTES, world.random.nextLong());
    return new Contact(world.newPeer(), Key.fromBytes(key.array()), List.of());
  }
}
