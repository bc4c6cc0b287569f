package dev.warren.libp2p.nat.autonat;

import java.time.Duration;

/**
 * How far a host goes to dial others back.
 *
 * @param perMinute requests that are served, in all
 * @param perMinuteEach of those, for one peer and for one IPv4 address or IPv6 /64
 * @param perMinuteElsewhere of those, for addresses other than the one that the request came from
 * @param dialTimeout within which the address has to answer
 * @param longestPause before an address is dialed that the request did not come from; it is drawn
 *     by lot up to this, so that many requests make no flood
 * @param privateAddresses whether addresses of private networks and of this machine are dialed: for
 *     laboratories
 */
public record AutoNatLimits(
    int perMinute,
    int perMinuteEach,
    int perMinuteElsewhere,
    Duration dialTimeout,
    Duration longestPause,
    boolean privateAddresses) {

  public AutoNatLimits {
    if (perMinute < 1 || perMinuteEach < 1 || perMinuteElsewhere < 0 || dialTimeout.isZero()) {
      throw new IllegalArgumentException("a server that dials nobody");
    }
  }

  /** One dial a second. */
  public static AutoNatLimits defaults() {
    return new AutoNatLimits(60, 12, 12, Duration.ofSeconds(5), Duration.ofSeconds(3), false);
  }

  /** For servers that are there for others, such as relays. */
  public AutoNatLimits withPerMinute(int all) {
    return new AutoNatLimits(
        all,
        perMinuteEach,
        Math.max(perMinuteElsewhere, all / 5),
        dialTimeout,
        longestPause,
        privateAddresses);
  }

  /** For laboratories in which no address is public. */
  public AutoNatLimits withPrivateAddresses() {
    return new AutoNatLimits(
        perMinute, perMinuteEach, perMinuteElsewhere, dialTimeout, longestPause, true);
  }
}
