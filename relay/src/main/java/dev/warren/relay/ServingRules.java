package dev.warren.relay;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.nat.relay.RelayPolicy;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.content.RateLimiter;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Whom a relay serves and what it still has for them, by a configuration that may change. */
final class ServingRules implements RelayPolicy {
  private final TimeSource time;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Spending spending; // guarded by lock
  private volatile AccessList access;
  private volatile Budget budget;
  private volatile Optional<RateLimiter> rate;

  ServingRules(RelayConfig config, Spending spending, TimeSource time, InstantSource clock) {
    this.spending = spending;
    this.time = time;
    this.clock = clock;
    access = config.service().access();
    budget = config.service().budget();
    rate = rate(budget);
  }

  /** Goes by another configuration. Circuits that are open keep the rate that they began with. */
  void change(RelayConfig config) {
    access = config.service().access();
    if (budget.bytesPerSecond() != config.service().budget().bytesPerSecond()) {
      rate = rate(config.service().budget());
    }
    budget = config.service().budget();
  }

  private Optional<RateLimiter> rate(Budget of) {
    return of.bytesPerSecond() == 0
        ? Optional.empty()
        : Optional.of(new RateLimiter(time, of.bytesPerSecond()));
  }

  @Override
  public boolean admits(Connection connection) {
    return access.admits(connection.remotePeer(), connection.remoteAddress().ip());
  }

  @Override
  public Optional<Meter> meter(Connection from, Connection to) {
    List<IpGroup> ips =
        Stream.of(from, to)
            .map(end -> IpGroup.of(end.remoteAddress()))
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    return isLeft(ips)
        ? Optional.of(new Counting(ips, rate.map(RateLimiter::lane)))
        : Optional.empty();
  }

  private boolean isLeft(List<IpGroup> ips) {
    lock.lock();
    try {
      return spending.isLeft(budget, ips, clock.instant());
    } finally {
      lock.unlock();
    }
  }

  long spentToday() {
    lock.lock();
    try {
      return spending.today(clock.instant());
    } finally {
      lock.unlock();
    }
  }

  long spentThisMonth() {
    lock.lock();
    try {
      return spending.thisMonth(clock.instant());
    } finally {
      lock.unlock();
    }
  }

  /** The meter of one circuit. */
  private final class Counting implements Meter {
    private final List<IpGroup> ips;
    private final Optional<RateLimiter.Lane> lane;

    private Counting(List<IpGroup> ips, Optional<RateLimiter.Lane> lane) {
      this.ips = ips;
      this.lane = lane;
    }

    @Override
    public void pass(int bytes) throws IOException {
      lock.lock();
      try {
        if (!spending.isLeft(budget, ips, clock.instant())) {
          throw new IOException("the budget is used up");
        }
        spending.add(bytes, ips, clock.instant());
      } finally {
        lock.unlock();
      }
      if (lane.isPresent()) {
        lane.get().acquire(bytes);
      }
    }

    @Override
    public void close() {
      lane.ifPresent(RateLimiter.Lane::close);
    }
  }
}
