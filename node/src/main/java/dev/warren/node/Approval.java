package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import java.util.Optional;

/** Decides who of those that have the code gets the share. */
@FunctionalInterface
public interface Approval {
  /** Everybody. */
  Approval EVERYBODY = (peer, petname) -> true;

  /**
   * Whether this receiver may have the share. May take as long as a person needs, two minutes at
   * most; it is asked about several receivers at once on threads of their own, and about each once.
   *
   * @param petname what the user calls the peer, if the user has named it
   */
  boolean approve(PeerId peer, Optional<String> petname);
}
