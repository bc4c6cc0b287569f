package dev.warren.cli;

import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.host.Host;
import dev.warren.node.Network;
import dev.warren.node.NetworkMember;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A node that comes into a network to ask something, and does nothing for others there. Whatever it
 * does ends when its time is over or the user wishes so.
 */
final class DhtVisit implements Closeable {
  static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** Something that asks others, and may be interrupted. */
  @FunctionalInterface
  interface Work<T> {
    T result() throws IOException;
  }

  private final Session session;
  private final Duration timeout;
  private final long beginNanos;
  private final Host host;
  private final NetworkMember member;

  private DhtVisit(Session session, Duration timeout, Host host, NetworkMember member) {
    this.session = session;
    this.timeout = timeout;
    this.host = host;
    this.member = member;
    beginNanos = session.time().nanoTime();
  }

  /** Comes into the network. */
  static DhtVisit join(Session session, DhtVisitOptions options)
      throws IOException, CommandFailure {
    return join(session, options, TIMEOUT);
  }

  static DhtVisit join(Session session, DhtVisitOptions options, Duration otherwise)
      throws IOException, CommandFailure {
    NodeOptions node = options.dht().node();
    return join(session, options, otherwise, node.visit(session));
  }

  /** Comes into the network by a host, which ends with the visit or with the failure of it. */
  static DhtVisit join(Session session, DhtVisitOptions options, Duration otherwise, Host host)
      throws IOException, CommandFailure {
    boolean joined = false;
    try {
      Duration timeout = options.timeout(otherwise);
      Network network = options.dht().network(session).withMode(Mode.CLIENT);
      var member = NetworkMember.of(network, host, options.dht().node().data(session));
      var visit = new DhtVisit(session, timeout, host, member);
      visit.call(member::join);
      joined = true;
      return visit;
    } finally {
      if (!joined) {
        host.close();
      }
    }
  }

  Host host() {
    return host;
  }

  Dht dht() {
    return member.dht();
  }

  Duration passed() {
    return Duration.ofNanos(session.time().nanoTime() - beginNanos);
  }

  /** Does this on a thread of its own, which is interrupted when it is to end. */
  <T> T call(Work<T> work) throws IOException, CommandFailure {
    var result = new CompletableFuture<T>();
    Thread worker = Thread.ofVirtual().name("warren-dht").unstarted(() -> complete(result, work));
    Duration left = timeout.minus(passed());
    worker.start();
    try (var _ = session.interruption().onRequest(worker::interrupt);
        var _ = session.time().after(left.isNegative() ? Duration.ZERO : left, worker::interrupt)) {
      return result.get();
    } catch (InterruptedException e) {
      worker.interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.", "", e);
    } catch (ExecutionException e) {
      throw why(e.getCause());
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Work<T> work) {
    try {
      result.complete(work.result());
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private IOException why(Throwable cause) throws CommandFailure {
    if (session.interruption().requested()) {
      throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.", "", cause);
    }
    if (passed().compareTo(timeout) >= 0) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "The network '%s' did not get it done in %s s."
              .formatted(member.network().name(), timeout.toMillis() / 1e3),
          "Give it longer with --timeout; -v shows what it waits for.",
          cause);
    }
    if (cause instanceof IOException failure) {
      return failure;
    }
    throw new IllegalStateException(cause);
  }

  @Override
  public void close() {
    member.close();
    host.close();
  }
}
