package dev.warren.relay;

/**
 * How many bytes a relay passes on, both directions of all circuits together; zero for as many as
 * come. Days and months are those of UTC.
 *
 * @param bytesPerDayPerIp of those, for peers of one IPv4 address or IPv6 /64, at whichever end
 */
public record Budget(
    long bytesPerSecond, long bytesPerDay, long bytesPerMonth, long bytesPerDayPerIp) {
  /** As many as come. */
  public static final Budget NONE = new Budget(0, 0, 0, 0);
}
