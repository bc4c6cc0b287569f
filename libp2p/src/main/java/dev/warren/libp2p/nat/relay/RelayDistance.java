package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** How far relays are. */
@FunctionalInterface
interface RelayDistance {
  /** A peer that answered, and how soon. */
  record Near(PeerId peer, Duration roundTrip) {
    private static final Duration LEAST_GAIN = Duration.ofMillis(20);

    /** The same of one that takes so long to answer a request: what is more shows its load. */
    Near answeringIn(Duration answer) {
      return answer.compareTo(roundTrip) > 0 ? new Near(peer, answer) : this;
    }

    /** Half as far and less, by what can be felt: others have to be told where we are then. */
    boolean isMuchNearerThan(Near other) {
      return roundTrip.multipliedBy(2).compareTo(other.roundTrip) <= 0
          && roundTrip.plus(LEAST_GAIN).compareTo(other.roundTrip) <= 0;
    }
  }

  /** Why nothing could be measured. */
  enum Miss {
    UNREACHED,
    BROKE_OFF
  }

  /**
   * Those that answered, the nearest first.
   *
   * @param missed is told of each that did not
   */
  List<Near> nearest(List<PeerId> peers, BiConsumer<PeerId, Miss> missed)
      throws InterruptedException;
}
