package dev.warren.libp2p.nat.relay;

import java.time.Duration;

/**
 * What a relay does for others. An address is an IPv4 address or an IPv6 /64; all /64 of one /48
 * together have eight times the share of one.
 *
 * @param maxReservations how many peers may be reached through it
 * @param maxReservationsPerIp of those, from one address
 * @param reservationLife how long a reservation is good unless it is renewed
 * @param maxCircuits how many are open at once
 * @param maxCircuitsPerPeer of those, that one peer is an end of
 * @param maxCircuitsPerIp of those, that peers of one address are an end of
 * @param circuit what may pass through each
 */
public record RelayLimits(
    int maxReservations,
    int maxReservationsPerIp,
    Duration reservationLife,
    int maxCircuits,
    int maxCircuitsPerPeer,
    int maxCircuitsPerIp,
    CircuitLimit circuit) {

  public RelayLimits {
    if (maxReservations < 1
        || maxReservationsPerIp < 1
        || maxCircuits < 1
        || maxCircuitsPerPeer < 1
        || maxCircuitsPerIp < 1
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
        64,
        new CircuitLimit(Duration.ofMinutes(2), 128 * 1024));
  }
}
