package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of the one that was reached through a relay, for one circuit. */
final class Upgrade {
  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);

  /** "Inbound peers SHOULD retry twice (thus a total of 3 attempts)". */
  static final int MAX_ATTEMPTS = 3;

  /**
   * A peer that can be dialed answers within that, and one that cannot is punched to: waiting
   * longer would cost those behind NATs what it saves nobody.
   */
  static final Duration DIRECT_DIAL_TIMEOUT = Duration.ofSeconds(1);

  /** Before each round of attempts. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2));

  private final Host host;
  private final Connection circuit;
  private final PeerId peer;
  private final PunchTargets targets;
  private final Supplier<List<Multiaddr>> ownAddresses;
  private final PunchAllowance allowance;

  /** What is waited for at present. */
  private volatile CountDownLatch waiting = new CountDownLatch(0);

  /** There is a direct connection, or nobody wants one any more. */
  private volatile boolean over;

  Upgrade(
      Host host,
      Connection circuit,
      PunchTargets targets,
      Supplier<List<Multiaddr>> ownAddresses,
      PunchAllowance allowance) {
    this.host = host;
    this.circuit = circuit;
    this.targets = targets;
    this.ownAddresses = ownAddresses;
    this.allowance = allowance;
    peer = circuit.remotePeer();
  }

  /** Whether it is about this connection. */
  boolean isOf(Connection connection) {
    return connection == circuit;
  }

  /** Ends it, from any thread. */
  void end() {
    over = true;
    waiting.countDown();
  }

  /**
   * Does what can be done, and after a while again: at first it may not be known as what others see
   * us, or as what the peer is.
   *
   * @return whether there is a direct connection now
   */
  boolean run() {
    try {
      for (Duration pause : PAUSES) {
        await(pause);
        if (!isWanted()) {
          break;
        }
        tryOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !isRelayed();
  }

  private void tryOnce() throws InterruptedException {
    dial();
    boolean punches = knowsHow();
    for (int i = 0; punches && i < MAX_ATTEMPTS && isWanted(); i++) {
      try {
        if (!allowance.take(peer) || !punch()) {
          break;
        }
      } catch (IOException e) {
        log.debug("attempt {} with {} failed: {}", i + 1, peer, e.toString());
      }
    }
  }

  /** Asked anew each time: go-libp2p says so once it knows an address of its own. */
  private boolean knowsHow() {
    return host.peerstore().info(peer).stream()
        .anyMatch(info -> info.protocols().contains(Dcutr.PROTOCOL));
  }

  /** Step 1: perhaps the peer is behind no NAT. */
  private void dial() {
    List<Multiaddr> addresses = targets.of(host.peerstore().addresses(peer));
    if (addresses.isEmpty() || !allowance.take(peer)) {
      return;
    }
    try {
      host.dialDirectly(peer, addresses, DIRECT_DIAL_TIMEOUT);
    } catch (IOException e) {
      log.debug("{} cannot be dialed: {}", peer, e.toString());
    }
  }

  /**
   * Steps 2 to 5.
   *
   * @return whether there was any use in it
   */
  private boolean punch() throws IOException, InterruptedException {
    List<Multiaddr> own = ownAddresses.get();
    if (own.isEmpty()) {
      return false; // the peer would not know where to dial
    }
    List<Multiaddr> addresses;
    Duration roundTrip;
    Stream stream = circuit.open(Dcutr.PROTOCOL);
    try (var _ = host.time().after(Dcutr.EXCHANGE_TIMEOUT, () -> stream.reset(0))) {
      long sent = host.time().nanoTime();
      new PunchMessage.Connect(own).write(stream);
      PunchMessage.Connect theirs = PunchMessage.readConnect(stream);
      roundTrip = Duration.ofNanos(host.time().nanoTime() - sent);
      addresses = targets.of(theirs.addresses(), host.peerstore().addresses(peer), own);
      new PunchMessage.Sync().write(stream);
      stream.close();
    } catch (IOException e) {
      stream.reset(0);
      throw e;
    }
    // SYNC takes half a round trip. It is bounded, as the exchange was.
    await(roundTrip.dividedBy(2));
    var cancellation = new Cancellation();
    try {
      if (isWanted()) {
        host.punch(peer, addresses, cancellation);
        await(Dcutr.PUNCH_TIMEOUT);
      }
    } finally {
      cancellation.cancel("the hole punch is over");
    }
    return true;
  }

  private void await(Duration limit) throws InterruptedException {
    var due = new CountDownLatch(1);
    waiting = due;
    if (over) {
      return; // perhaps only now, so that nobody ends this
    }
    try (var _ = host.time().after(limit, due::countDown)) {
      due.await();
    }
  }

  private boolean isWanted() {
    return !over && circuit.isOpen() && isRelayed();
  }

  private boolean isRelayed() {
    return host.connections(peer).stream()
        .noneMatch(connection -> connection.isOpen() && !connection.isRelayed());
  }
}
