package dev.warren.libp2p.nat.relay;

import java.time.Duration;

/**
 * What a relay does for others.
 *
 * @param maxReservations how many peers may be reached through it
 * @param maxReservationsPerIp of those, from one IPv4 address or IPv6 /64
 * @param reservationLife how long a reservation is good unless it is renewed
 * @param maxCircuits how many are open at once
 * @param maxCircuitsPerPeer of those, that one peer is an end of
 * @param circuit what may pass through each
 */
public record RelayLimits(
    int maxReservations,
    int maxReservationsPerIp,
    Duration reservationLife,
    int maxCircuits,
    int maxCircuitsPerPeer,
    CircuitLimit circuit) {

  public RelayLimits {
    if (maxReservations < 1
        || maxReservationsPerIp < 1
        || maxCircuits < 1
        || maxCircuitsPerPeer < 1
        || reservationLife.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException("a relay that serves nobody");
    }
  }

  /** What other implementations do by default: enough to make a direct connection by. */
  public static RelayLimits defaults() {
    return new RelayLimits(
        128,
        8,
        Duration.ofHours(1),
        1_024,
        16,
        new CircuitLimit(Duration.ofMinutes(2), 128 * 1024));
  }
}
