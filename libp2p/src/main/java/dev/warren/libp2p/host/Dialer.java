package dev.warren.libp2p.host;

import dev.warren.libp2p.host.DialException.Attempt;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.SecureTransport;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Races the addresses of a peer: the most promising first, the next as soon as one has failed or is
 * slow, and the first that leads to the right peer wins (happy eyeballs, RFC 8305). Names are
 * looked up meanwhile, and what they stand for joins the race.
 */
final class Dialer {
  /** RFC 8305 §5. */
  private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

  /**
   * The same after an attempt over QUIC, in which more has to be computed. Where TCP comes first
   * nobody learns as what the other end sees its UDP port, and no hole is punched to that.
   */
  private static final Duration QUIC_ATTEMPT_DELAY = Duration.ofMillis(500);

  private static final int MAX_PARALLEL = 8;

  /** How a peer is dialed: the time between two attempts, and what all of them may take. */
  record Pace(Duration attemptDelay, Duration limit) {}

  private static final int MAX_ATTEMPTS = 64;

  /** A whole dial takes no longer than so many attempts one after the other. */
  private static final int MAX_ATTEMPT_TIMEOUTS = 3;

  private sealed interface Outcome {
    record Reached(SecuredConnection connection) implements Outcome {}

    record Failed(Attempt attempt) implements Outcome {}

    /** Time to start the next attempt. */
    record Tick() implements Outcome {}

    /** What one of the addresses stands for. */
    record Resolved(List<Multiaddr> candidates) implements Outcome {}

    record Unresolved(Attempt attempt) implements Outcome {}

    /** All names have been looked up. */
    record AllResolved() implements Outcome {}

    record OutOfTime() implements Outcome {}
  }

  private final List<SecureTransport> transports;
  private final NameResolver names;
  private final TimeSource time;
  private final Duration attemptTimeout;
  private final Pace oneByOne;

  Dialer(
      List<SecureTransport> transports,
      NameResolver names,
      TimeSource time,
      Duration attemptTimeout) {
    this.transports = transports;
    this.names = names;
    this.time = time;
    this.attemptTimeout = attemptTimeout;
    oneByOne = new Pace(ATTEMPT_DELAY, attemptTimeout.multipliedBy(MAX_ATTEMPT_TIMEOUTS));
  }

  /**
   * Connects to the peer at whichever address answers first.
   *
   * @param expected the peer that must be there, when known
   */
  SecuredConnection dial(Optional<PeerId> expected, List<Multiaddr> addresses) throws IOException {
    return dial(expected, addresses, new Cancellation());
  }

  /** As {@link #dial(Optional, List)}, until it is cancelled. */
  SecuredConnection dial(
      Optional<PeerId> expected, List<Multiaddr> addresses, Cancellation cancellation)
      throws IOException {
    return dial(expected, addresses, oneByOne, cancellation);
  }

  /** As {@link #dial(Optional, List)}, at a pace of the caller's. */
  SecuredConnection dial(Optional<PeerId> expected, List<Multiaddr> addresses, Pace pace)
      throws IOException {
    return dial(expected, addresses, pace, new Cancellation());
  }

  private SecuredConnection dial(
      Optional<PeerId> expected, List<Multiaddr> addresses, Pace pace, Cancellation cancellation)
      throws IOException {
    var failures = new ArrayList<Attempt>();
    var race = new Race(expected, pace);
    race.resolve(addresses);
    try (var _ = cancellation.onCancel(race::outOfTime)) {
      while (true) {
        while (race.mayStart() && !race.waiting.isEmpty()) {
          race.start(race.waiting.removeFirst());
        }
        if (race.isOver()) {
          throw new DialException(target(expected, addresses), failures);
        }
        switch (race.next()) {
          case Outcome.Reached(SecuredConnection connection) -> {
            return connection;
          }
          case Outcome.Failed(Attempt attempt) -> failures.add(attempt);
          case Outcome.Unresolved(Attempt attempt) -> failures.add(attempt);
          case Outcome.Resolved(List<Multiaddr> candidates) ->
              candidates.forEach(candidate -> race.add(candidate, failures));
          case Outcome.Tick(), Outcome.AllResolved() -> {}
          case Outcome.OutOfTime() -> {
            race.unfinished().forEach(address -> failures.add(failed(address, "no time was left")));
            throw new DialException(target(expected, addresses), failures);
          }
        }
      }
    } finally {
      race.end();
    }
  }

  private Optional<SecureTransport> transportFor(Multiaddr address) {
    return transports.stream().filter(transport -> transport.handles(address)).findFirst();
  }

  private static String target(Optional<PeerId> expected, List<Multiaddr> addresses) {
    return expected
        .map(PeerId::toString)
        .orElseGet(() -> addresses.isEmpty() ? "the peer" : addresses.getFirst().toString());
  }

  private static Attempt failed(Multiaddr address, String reason) {
    return new Attempt(address, reason, new IOException(reason));
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }

  /** The attempts of one dial. All but {@link #attempt} runs on the dialing thread. */
  private final class Race {
    private final Optional<PeerId> expected;
    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final List<Cancellation> attempts = new ArrayList<>();
    private final List<Multiaddr> underWay = new ArrayList<>();
    private final Set<Multiaddr> known = new HashSet<>();
    private final AtomicBoolean won = new AtomicBoolean();
    private final Duration attemptDelay;
    private final TimeSource.Scheduled limit;
    private ArrayDeque<Multiaddr> waiting = new ArrayDeque<>();
    private int candidates;
    private int running;
    private boolean resolving = true;
    private boolean delayOver = true;
    private boolean taken;

    Race(Optional<PeerId> expected, Pace pace) {
      this.expected = expected;
      attemptDelay = pace.attemptDelay();
      limit = time.after(pace.limit(), this::outOfTime);
    }

    /** Nothing that comes later counts. */
    void outOfTime() {
      outcomes.add(new Outcome.OutOfTime());
    }

    /** Looks the names up on a thread of their own; what holds none is there at once. */
    void resolve(List<Multiaddr> addresses) {
      var resolver = new AddressResolver(names, time, expected);
      List<Multiaddr> named = new ArrayList<>();
      List<Multiaddr> plain = new ArrayList<>();
      for (Multiaddr address : addresses) {
        if (AddressResolver.holdsName(address)) {
          named.add(address);
        } else {
          plain.addAll(resolve(resolver, address));
        }
      }
      outcomes.add(new Outcome.Resolved(plain));
      if (named.isEmpty()) {
        outcomes.add(new Outcome.AllResolved());
        return;
      }
      Thread.ofVirtual()
          .name("libp2p-names")
          .start(
              () -> {
                for (Multiaddr address : named) {
                  outcomes.add(new Outcome.Resolved(resolve(resolver, address)));
                }
                outcomes.add(new Outcome.AllResolved());
              });
    }

    private List<Multiaddr> resolve(AddressResolver resolver, Multiaddr address) {
      try {
        return resolver.resolve(address);
      } catch (IOException e) {
        outcomes.add(new Outcome.Unresolved(new Attempt(address, reason(e), e)));
      } catch (RuntimeException | Error e) {
        outcomes.add(new Outcome.Unresolved(failed(address, e.toString())));
      }
      return List.of();
    }

    /** One more address to be tried, if it can be and is not already. */
    void add(Multiaddr candidate, List<Attempt> failures) {
      if (!known.add(whole(candidate))) {
        return;
      }
      if (transportFor(candidate).isEmpty()) {
        failures.add(failed(candidate, "this host has no transport for it"));
      } else if (candidates == MAX_ATTEMPTS) {
        failures.add(
            failed(candidate, "not tried, as are others beyond the first " + MAX_ATTEMPTS));
        candidates++;
      } else if (candidates < MAX_ATTEMPTS) {
        candidates++;
        waiting.add(candidate);
        waiting = new ArrayDeque<>(AddressOrder.ranked(unfinished()));
        waiting.removeAll(underWay); // they have a say in what is next
      }
    }

    /** The records of a name may say which peer is where. */
    private Optional<PeerId> peerAt(Multiaddr address) {
      return expected.or(() -> address.peer().map(PeerId::parse));
    }

    /** A relay has to be told to whom it is to lead. */
    private Multiaddr whole(Multiaddr address) {
      return peerAt(address).map(peer -> address.withPeer(peer.toString())).orElse(address);
    }

    /** Whether nothing can come of it any more. */
    boolean isOver() {
      return running == 0 && waiting.isEmpty() && !resolving;
    }

    /** Addresses that were not tried, or have not answered. */
    List<Multiaddr> unfinished() {
      List<Multiaddr> all = new ArrayList<>(underWay);
      all.addAll(waiting);
      return all;
    }

    boolean mayStart() {
      return running == 0 || (delayOver && running < MAX_PARALLEL);
    }

    void start(Multiaddr address) {
      var cancellation = new Cancellation();
      attempts.add(cancellation);
      underWay.add(address);
      running++;
      if (!attemptDelay.isZero()) {
        delayOver = false;
        // What has to be loaded at first is not to count.
        boolean quic =
            address.has(Protocol.QUIC_V1) && transportFor(address).orElseThrow().isUsable();
        TimeSource.Scheduled delay =
            time.after(
                quic ? QUIC_ATTEMPT_DELAY : attemptDelay, () -> outcomes.add(new Outcome.Tick()));
        cancellation.onCancel(delay::cancel);
      }
      Thread.ofVirtual().name("libp2p-dial " + address).start(() -> attempt(address, cancellation));
    }

    Outcome next() throws IOException {
      try {
        Outcome outcome = outcomes.take();
        switch (outcome) {
          case Outcome.Tick() -> delayOver = true;
          case Outcome.Failed(Attempt attempt) -> {
            running--;
            underWay.remove(attempt.address());
            delayOver = true;
          }
          case Outcome.Reached(_) -> taken = true;
          case Outcome.AllResolved() -> resolving = false;
          case Outcome.Resolved(_), Outcome.Unresolved(_), Outcome.OutOfTime() -> {}
        }
        return outcome;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the dial was interrupted", e);
      }
    }

    /** Ends the other attempts; one that came up meanwhile is closed again. */
    void end() {
      limit.cancel();
      attempts.forEach(attempt -> attempt.cancel("another address was faster"));
      if (won.getAndSet(true) && !taken) {
        Thread.ofVirtual().start(this::discardWinner);
      }
    }

    private void discardWinner() {
      try {
        while (true) {
          if (outcomes.take() instanceof Outcome.Reached(SecuredConnection connection)) {
            connection.muxed().abort();
            return;
          }
        }
      } catch (InterruptedException _) {
        throw new AssertionError("nobody knows this thread");
      }
    }

    private void attempt(Multiaddr address, Cancellation cancellation) {
      TimeSource.Scheduled limit =
          time.after(
              attemptTimeout,
              () -> cancellation.cancel("no answer within " + attemptTimeout.toSeconds() + " s"));
      try {
        SecuredConnection connection =
            transportFor(address).orElseThrow().dial(whole(address), peerAt(address), cancellation);
        if (won.compareAndSet(false, true)) {
          outcomes.add(new Outcome.Reached(connection));
        } else {
          connection.muxed().abort();
        }
      } catch (IOException e) {
        outcomes.add(new Outcome.Failed(new Attempt(address, reason(e), e)));
      } catch (RuntimeException | Error e) {
        // Our fault or the peer's garbage; either way this address does not work.
        outcomes.add(new Outcome.Failed(new Attempt(address, e.toString(), new IOException(e))));
      } finally {
        limit.cancel();
      }
    }
  }
}
