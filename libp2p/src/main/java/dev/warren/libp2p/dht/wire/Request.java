package dev.warren.libp2p.dht.wire;

import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import java.util.List;

/** What a peer is asked. */
public sealed interface Request {

  /** Who is near? And where is the peer of this id, should it be one? */
  record FindNode(Target target) implements Request {}

  /** Who provides this, and who is near? */
  record GetProviders(Target target) implements Request {}

  /** The sender provides this; of the contacts only its own count. */
  record AddProvider(Target target, List<Contact> providers) implements Request {}

  /** What is stored here, and who is near? */
  record GetValue(Target target) implements Request {}

  /** Store this here. */
  record PutValue(Target target, Value value) implements Request {}

  /** Are you there? Answered for the sake of old peers, and never asked. */
  record Ping() implements Request {}
}
