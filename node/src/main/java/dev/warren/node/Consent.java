package dev.warren.node;

import java.util.Optional;

/** Decides whether what a share would bring may come. */
@FunctionalInterface
public interface Consent {
  /** Agrees to everything. */
  static Consent to(ConflictPolicy policy) {
    return _ -> Optional.of(policy);
  }

  /**
   * Looks at what would come; nothing has been created yet. May take as long as a person needs.
   *
   * <p>Of one that goes on, {@link ReceivePlan#decidedBefore} says what holds.
   *
   * @return what to do where different files are in the way, or nothing to receive nothing
   */
  Optional<ConflictPolicy> decide(ReceivePlan plan);
}
