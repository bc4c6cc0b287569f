package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multihash;
import java.util.Arrays;
import java.util.Random;

/** Peers that exist nowhere else. */
public final class Contacts {
  private Contacts() {}

  public static PeerId peer(Random random) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return PeerId.fromBytes(Multihash.of(Multihash.SHA2_256, digest).toBytes());
  }

  public static Contact random(Random random, String... addresses) {
    return Contact.of(peer(random), Arrays.stream(addresses).map(Multiaddr::parse).toList());
  }
}
