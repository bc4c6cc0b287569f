package dev.warren.node.share;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.content.RateLimiter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * On what terms a share may be had.
 *
 * @param expires until when
 * @param receivers how many may have all of it
 * @param approval whether a receiver may have it; may take as long as a person needs
 * @param asksPerson whether it does
 * @param limits what all of them together are held to: of the node, of the share
 */
public record Terms(
    Optional<Instant> expires,
    OptionalInt receivers,
    Predicate<PeerId> approval,
    boolean asksPerson,
    List<RateLimiter> limits) {
  /** For everybody, at once, for as long as the share goes on. */
  public static final Terms NONE =
      new Terms(Optional.empty(), OptionalInt.empty(), peer -> true, false, List.of());

  /** Copies the list. */
  public Terms {
    limits = List.copyOf(limits);
  }
}
