package dev.warren.bench.dht;

import dev.warren.libp2p.dht.lookup.ResponseTimes;
import dev.warren.libp2p.dht.provide.NetworkSize;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a node keeps. */
final class Node {
  static final int K = 20;

  final Contact contact;
  final RoutingTable table;
  final ResponseTimes connected = new ResponseTimes();
  final ResponseTimes dialed = new ResponseTimes();
  final NetworkSize networkSize = new NetworkSize(K);

  /** What others have stored here; most have nothing. */
  Set<Key> records = Set.of();

  boolean alive = true;

  /** Whether it keeps to the protocol; if not it keeps no records. */
  boolean honest = true;

  /** Whom it names when it is asked for a key. */
  Function<Key, List<Contact>> names;

  Node(Contact contact) {
    this.contact = contact;
    this.table = new RoutingTable(contact.key(), RoutingTable.Settings.PLAIN);
    this.names = target -> table.closest(target, K);
  }

  void store(Key record) {
    if (!honest) {
      return;
    }
    if (records.isEmpty()) {
      records = new HashSet<>(4);
    }
    records.add(record);
  }

  void forget(Key record) {
    if (!records.isEmpty()) {
      records.remove(record);
    }
  }
}
