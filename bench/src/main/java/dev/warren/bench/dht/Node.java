package dev.warren.bench.dht;

import dev.warren.libp2p.dht.lookup.ResponseTimes;
import dev.warren.libp2p.dht.provide.NetworkSize;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import java.util.HashSet;
import java.util.Set;

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

  Node(Contact contact) {
    this.contact = contact;
    this.table = new RoutingTable(contact.key(), RoutingTable.Settings.PLAIN);
  }

  void store(Key record) {
    if (records.isEmpty()) {
      records = new HashSet<>(4);
    }
    records.add(record);
  }
}
