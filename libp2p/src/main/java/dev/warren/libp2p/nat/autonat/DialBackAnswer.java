package dev.warren.libp2p.nat.autonat;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What came of asking a server to dial back. */
public sealed interface DialBackAnswer {
  /**
   * Somebody came in.
   *
   * @param address at which address
   * @param from from where; known where the peer has proved it, which only the second version asks
   */
  record Reached(Multiaddr address, Optional<InetAddress> from) implements DialBackAnswer {}

  /** At these addresses the server reached nobody. */
  record Unreached(List<Multiaddr> addresses) implements DialBackAnswer {}

  /** None was dialed. */
  record Refused(Refusal why) implements DialBackAnswer {}
}
