package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.RoutingTable;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who comes into the table and who leaves it. A peer that says that it speaks the protocol is asked
 * something before it is believed; one that says no longer that it does is forgotten.
 */
final class Membership implements HostListener {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  /** Of those that come in a crowd the rest is found by look-ups. */
  private static final int MAX_CHECKS = 16;

  private final Host host;
  private final DhtNetwork network;
  private final Table table;
  private final KadClient client;
  private final Target self;
  private final Neighbours neighbours;
  private final Semaphore checks = new Semaphore(MAX_CHECKS);

  Membership(Host host, DhtNetwork network, Table table, KadClient client) {
    this.host = host;
    this.network = network;
    this.table = table;
    this.client = client;
    this.self = Target.of(host.peerId());
    String tag = "neighbour in " + network.protocol();
    this.neighbours =
        new Neighbours(
            table, self.key(), peer -> host.protect(peer, tag), peer -> host.unprotect(peer, tag));
  }

  @Override
  public void identified(PeerId peer, PeerInfo info) {
    Contact contact = contact(peer, List.of());
    if (!info.protocols().contains(network.protocol())) {
      change(contacts -> contacts.remove(contact.key()));
    } else if (network.reach().admits(contact.addresses())
        && table.ask(contacts -> contacts.wants(contact))
        && checks.tryAcquire()) {
      Thread.ofVirtual()
          .name("dht-check")
          .start(
              () -> {
                try {
                  check(contact);
                } finally {
                  checks.release();
                }
              });
    }
  }

  /** Asks the peer something and takes it in if it answers. */
  boolean check(Contact contact) {
    try {
      client.ask(contact, new Request.FindNode(self), new Call());
      answered(contact);
      return true;
    } catch (IOException e) {
      log.debug("{} is not taken in: {}", contact.peer(), e.toString());
      failed(contact);
      return false;
    }
  }

  /** The peer has answered, and so is a server. */
  void answered(Contact contact) {
    Contact now = contact(contact.peer(), contact.addresses());
    if (network.reach().admits(now.addresses())) {
      long nanos = host.time().nanoTime();
      change(contacts -> contacts.answered(now, nanos));
    }
  }

  /** The peer did not answer. */
  void failed(Contact contact) {
    long nanos = host.time().nanoTime();
    change(contacts -> contacts.failed(contact.key(), nanos));
  }

  private void change(Consumer<RoutingTable> change) {
    table.tell(change);
    neighbours.update();
  }

  /** Keeps nobody any longer. */
  void close() {
    host.removeListener(this);
    neighbours.close();
  }

  /** Where the peer is: what its connections show counts first, then what it says itself. */
  private Contact contact(PeerId peer, List<Multiaddr> named) {
    var addresses = new ArrayList<Multiaddr>();
    host.connections(peer).stream()
        .filter(Connection::outbound)
        .map(Connection::remoteAddress)
        .forEach(addresses::add);
    Stream.concat(host.peerstore().addresses(peer).stream(), named.stream())
        .forEach(addresses::add);
    return Contact.of(
        peer, network.reach().filter(addresses.stream().map(Multiaddr::withoutPeer).toList()));
  }
}
