package dev.warren.libp2p.nat.autonat;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.PeerId;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Dials back those who want to know whether they can be dialed, in both versions of AutoNAT.
 *
 * <p>To be of no use to somebody who wants others dialed, or ports scanned, it goes by limits that
 * a ledger keeps, and by a policy that says which addresses are dialed at all.
 */
public final class AutoNatServer implements Closeable {
  /** What a server has done since it was started. */
  public record Activity(long reached, long unreached, long refused) {}

  private final Host host;
  private final AutoNatLimits limits;
  private final BackDialer dialer;
  private final LongAdder reached = new LongAdder();
  private final LongAdder unreached = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final DialBackLedger ledger; // guarded by lock

  private AutoNatServer(Host host, AutoNatLimits limits, BackDialer dialer) {
    this.host = host;
    this.limits = limits;
    this.dialer = dialer;
    ledger = new DialBackLedger(limits);
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if there is nothing to dial with
   */
  public static AutoNatServer attach(Host host, AutoNatLimits limits) throws IOException {
    var server = new AutoNatServer(host, limits, BackDialer.open(host.time(), limits));
    host.handle(V1Server.PROTOCOL, new V1Server(server));
    host.handle(V2Server.DIAL_REQUEST, new V2Server(server));
    return server;
  }

  /** What has been done. */
  public Activity activity() {
    return new Activity(reached.sum(), unreached.sum(), refused.sum());
  }

  /** Serves nobody any more. */
  @Override
  public void close() {
    host.unhandle(V1Server.PROTOCOL);
    host.unhandle(V2Server.DIAL_REQUEST);
    dialer.close();
  }

  Host host() {
    return host;
  }

  AutoNatLimits limits() {
    return limits;
  }

  BackDialer dialer() {
    return dialer;
  }

  DialBackPolicy policy() {
    return new DialBackPolicy(limits.privateAddresses(), dialer::canDial, host.addresses());
  }

  /** Whether a request that came by this connection may be served; {@link #end} it then. */
  boolean begin(Connection connection) {
    Optional<IpGroup> from = IpGroup.of(connection.remoteAddress());
    lock.lock();
    try {
      // Who asks by a relay is not where the relay is: autonat-v1.md.
      return !connection.isRelayed()
          && ledger.begin(connection.remotePeer(), from, host.time().nanoTime());
    } finally {
      lock.unlock();
    }
  }

  void end(PeerId peer) {
    lock.lock();
    try {
      ledger.end(peer);
    } finally {
      lock.unlock();
    }
  }

  boolean mayDialElsewhere() {
    lock.lock();
    try {
      return ledger.dialElsewhere(host.time().nanoTime());
    } finally {
      lock.unlock();
    }
  }

  void count(boolean wasReached) {
    (wasReached ? reached : unreached).increment();
  }

  void countRefusal() {
    refused.increment();
  }

  void pause(Duration pause) throws IOException {
    var over = new CountDownLatch(1);
    try (var _ = host.time().after(pause, over::countDown)) {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the thread was interrupted", e);
    }
  }
}
