package dev.warren.relay;

import dev.warren.libp2p.host.IpGroup;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What has been passed on of a {@link Budget}. Neither threads nor clocks: the one who owns it
 * locks it and says what time it is.
 */
final class Spending {
  /** Addresses whose day is remembered; the one that used least lately is forgotten first. */
  static final int MAX_IPS = 50_000;

  private LocalDate day;
  private long today;
  private YearMonth month;
  private long thisMonth;
  private final SequencedMap<IpGroup, Long> todayByIp = new LinkedHashMap<>(16, 0.75f, true);

  Spending(Instant now) {
    this(now, 0, 0);
  }

  /** One that goes on where another one was at some time. */
  Spending(Instant then, long today, long thisMonth) {
    day = LocalDate.ofInstant(then, ZoneOffset.UTC);
    month = YearMonth.from(day);
    this.today = today;
    this.thisMonth = thisMonth;
  }

  /** Whether anything is left for peers of these addresses. */
  boolean isLeft(Budget budget, Collection<IpGroup> ips, Instant now) {
    turn(now);
    return isBelow(today, budget.bytesPerDay())
        && isBelow(thisMonth, budget.bytesPerMonth())
        && withSites(ips)
            .allMatch(
                ip ->
                    isBelow(
                        todayByIp.getOrDefault(ip, 0L) / ip.shares(), budget.bytesPerDayPerIp()));
  }

  private static Stream<IpGroup> withSites(Collection<IpGroup> ips) {
    return ips.stream().flatMap(IpGroup::withSite).distinct();
  }

  private static boolean isBelow(long spent, long most) {
    return most == 0 || spent < most;
  }

  /** Counts bytes for peers of these addresses. */
  void add(int bytes, Collection<IpGroup> ips, Instant now) {
    turn(now);
    today += bytes;
    thisMonth += bytes;
    withSites(ips).forEach(ip -> todayByIp.merge(ip, (long) bytes, Long::sum));
    while (todayByIp.size() > MAX_IPS) {
      todayByIp.pollFirstEntry();
    }
  }

  long today(Instant now) {
    turn(now);
    return today;
  }

  long thisMonth(Instant now) {
    turn(now);
    return thisMonth;
  }

  /** Begins a new day or month. A clock that is set back begins none, or it could be had twice. */
  private void turn(Instant now) {
    LocalDate date = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (date.isAfter(day)) {
      day = date;
      today = 0;
      todayByIp.clear();
      if (YearMonth.from(date).isAfter(month)) {
        month = YearMonth.from(date);
        thisMonth = 0;
      }
    }
  }
}
