package dev.warren.node;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.node.Way.State;
import dev.warren.protocols.admission.Admitted;
import dev.warren.protocols.admission.NotAdmittedException;
import dev.warren.protocols.admission.WordAdmission;
import dev.warren.sharecodes.LegacyCode;
import dev.warren.sharecodes.ShareCode;
import dev.warren.sharecodes.Ticket;
import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.CodeGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sharer that a code means, on all ways at once.
 *
 * <p>Each peer or address that may be the sharer is a candidate with a thread of its own, which
 * dials it, asks it, and tries again while it cannot be reached. The first that is the sharer ends
 * the search. One that is not, or claims that the words are wrong, does not: it may be an impostor.
 * But then there is not much reason to wait for long.
 */
final class Finder {
  /** How long others may take to be found once one has said no. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(8);

  /** Whoever is on the network can announce as many peers as they like. */
  private static final int MAX_CANDIDATES = 32;

  /** Decides whether the peer of a connection is the sharer. */
  @FunctionalInterface
  private interface Question {
    Found ask(Connection connection) throws IOException;
  }

  private final Host host;
  private final Ways ways;
  private final Duration timeout;
  private final Question question;

  /** Whom alone it can be, if the code says so. */
  private final Optional<PeerId> wanted;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All that follow are guarded by lock.
  private final Map<Object, Candidate> candidates = new HashMap<>();
  private final Set<PeerId> taken = new HashSet<>();
  private final List<NotAdmittedException> refusals = new ArrayList<>();
  private @Nullable Found found;
  private @Nullable IOException anotherPeer;
  private boolean over;
  private boolean graceBegun;

  private Finder(
      Host host, Ways ways, Duration timeout, Optional<PeerId> wanted, Question question) {
    this.host = host;
    this.ways = ways;
    this.timeout = timeout;
    this.wanted = wanted;
    this.question = question;
  }

  /**
   * Finds the sharer; connected when this returns.
   *
   * @param peers where it may be, besides what the code says
   * @throws ReceiveException if it is not found in time, or does not let us in
   */
  static Found find(
      Host host,
      ShareCode code,
      List<Multiaddr> peers,
      List<Rendezvous> rendezvous,
      Duration timeout,
      Ways ways,
      Cancellation cancellation)
      throws IOException, InterruptedException {
    return switch (code) {
      case WordCode words -> {
        var guard = new CodeGuard(host.time()::nanoTime);
        yield new Finder(
                host,
                ways,
                timeout,
                Optional.empty(),
                connection -> admitted(host, connection, words, guard))
            .search(
                "code",
                List.of(),
                peers,
                rendezvous,
                (place, listener) -> place.find(words.rendezvousKey(), listener),
                cancellation);
      }
      case Ticket ticket ->
          new Finder(
                  host,
                  ways,
                  timeout,
                  Optional.of(ticket.peer()),
                  connection -> found(connection, new Admitted(ticket.share(), ticket.key())))
              .search(
                  "ticket",
                  ticket.fullAddresses(),
                  peers,
                  rendezvous,
                  (place, listener) -> findSharer(place, ticket, listener),
                  cancellation);
      case LegacyCode legacy ->
          // Whoever answers; it has to prove that it has the key before it is shown anything.
          new Finder(
                  host,
                  ways,
                  timeout,
                  Optional.empty(),
                  connection -> found(connection, new Admitted(legacy.share(), legacy.key())))
              .search(
                  "code",
                  List.of(legacy.address()),
                  peers,
                  List.of(),
                  (_, _) -> () -> {},
                  cancellation);
    };
  }

  /** Where it is, or where it said that the share is. */
  private static Rendezvous.Ongoing findSharer(
      Rendezvous place, Ticket ticket, Rendezvous.Listener listener) {
    Rendezvous.Ongoing byPeer = place.find(ticket.peer(), listener);
    Rendezvous.Ongoing byShare =
        place.find(
            ticket.share().rendezvousKey(ticket.peer()),
            (peer, addresses) -> {
              if (peer.equals(ticket.peer())) { // others may have the share too
                listener.found(peer, addresses);
              }
            });
    return () -> {
      byPeer.close();
      byShare.close();
    };
  }

  private static Found admitted(Host host, Connection connection, WordCode words, CodeGuard guard)
      throws IOException {
    return found(connection, WordAdmission.prove(host, connection, words, guard));
  }

  private static Found found(Connection connection, Admitted admitted) {
    return new Found(
        connection.remoteKey(),
        admitted.share(),
        admitted.key(),
        ConnectionPath.describe(connection.remoteAddress()));
  }

  /** How to look in one place. */
  @FunctionalInterface
  private interface Look {
    Rendezvous.Ongoing begin(Rendezvous place, Rendezvous.Listener listener);
  }

  private Found search(
      String nameOfCode,
      List<Multiaddr> ofCode,
      List<Multiaddr> peers,
      List<Rendezvous> rendezvous,
      Look look,
      Cancellation cancellation)
      throws IOException, InterruptedException {
    List<Rendezvous.Ongoing> looking = new ArrayList<>();
    try (var _ = cancellation.onCancel(this::end);
        var _ = host.time().after(timeout, this::end)) {
      for (Rendezvous place : rendezvous) {
        ways.put(place.name(), State.LOOKING, place.problem().orElse(""));
        looking.add(look.begin(place, (peer, at) -> consider(place.name(), peer, at)));
      }
      considerAll(nameOfCode, ofCode);
      considerAll("peer", peers);
      lock.lock();
      try {
        while (found == null && !over && !(rendezvous.isEmpty() && nobodyLeft())) {
          changed.await();
        }
        cancellation.check();
        if (found != null) {
          return found;
        }
        throw failure();
      } finally {
        over = true;
        changed.signalAll();
        lock.unlock();
      }
    } finally {
      looking.forEach(Rendezvous.Ongoing::close);
    }
  }

  private void considerAll(String way, List<Multiaddr> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    ways.put(
        way, State.LOOKING, addresses.size() == 1 ? "1 address" : addresses.size() + " addresses");
    for (Multiaddr address : addresses) {
      Optional<PeerId> peer = address.peer().map(PeerId::parse).or(() -> wanted);
      if (peer.isPresent()) {
        consider(way, peer.get(), List.of(address.withoutPeer()));
      } else {
        consider(way, address, new Candidate(way, Optional.empty(), List.of(address)));
      }
    }
  }

  private void consider(String way, PeerId peer, List<Multiaddr> addresses) {
    if (peer.equals(host.peerId())) {
      return;
    }
    if (wanted.isPresent() && !wanted.get().equals(peer)) {
      ways.put(way, State.FAILED, "leads to another peer");
      return;
    }
    consider(way, peer, new Candidate(way, Optional.of(peer), addresses));
  }

  private void consider(String way, Object key, Candidate candidate) {
    lock.lock();
    try {
      Candidate known = candidates.get(key);
      if (known != null) {
        known.add(way, candidate.addresses);
      } else if (!over && candidates.size() < MAX_CANDIDATES) {
        candidates.put(key, candidate);
        Thread.ofVirtual().name("warren-find").start(candidate::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean nobodyLeft() {
    return candidates.values().stream().allMatch(candidate -> candidate.ended);
  }

  /** The last answer of each candidate says why; a wrong code says most. */
  private ReceiveException failure() {
    for (NotAdmittedException refusal : refusals) {
      if (refusal.reason() == NotAdmittedException.Reason.WRONG_CODE) {
        return new NotAllowedException(
            NotAllowedException.Reason.WRONG_WORDS, sentence(refusal), refusal);
      }
    }
    for (NotAdmittedException refusal : refusals) {
      if (refusal.reason() == NotAdmittedException.Reason.BURNT) {
        return new NotAllowedException(
            NotAllowedException.Reason.BURNT, sentence(refusal), refusal);
      }
    }
    if (refusals.isEmpty() && anotherPeer != null) {
      return new NotAllowedException(
          NotAllowedException.Reason.ANOTHER_PEER,
          "another peer is where the one who shares was said to be",
          anotherPeer);
    }
    return new NotFoundException(
        refusals.isEmpty()
            ? "nobody who shares this was found within %d s".formatted(timeout.toSeconds())
            : sentence(refusals.getLast()),
        ways.all());
  }

  private static String sentence(Exception failure) {
    return String.valueOf(failure.getMessage());
  }

  /** One peer, or whoever is at an address. The fields are guarded by the lock of the finder. */
  private final class Candidate {
    private final Set<String> foundOn = new HashSet<>();
    private final Optional<PeerId> peer;
    private List<Multiaddr> addresses;
    private Optional<GrowingDial> dial = Optional.empty();
    private boolean addressesAreNew;
    private boolean ended;

    private Candidate(String way, Optional<PeerId> peer, List<Multiaddr> addresses) {
      foundOn.add(way);
      this.peer = peer;
      this.addresses = addresses.stream().distinct().limit(MAX_CANDIDATES).toList();
    }

    private void add(String way, List<Multiaddr> more) {
      foundOn.add(way);
      if (!over && found == null && !addresses.containsAll(more)) {
        List<Multiaddr> all = new ArrayList<>(more); // what was heard last is the most likely
        all.addAll(addresses);
        addresses = all.stream().distinct().limit(MAX_CANDIDATES).toList();
        if (dial.isEmpty() || !dial.get().add(more)) {
          addressesAreNew = true;
        }
        changed.signalAll();
      }
    }

    private void run() {
      Duration retry = FIRST_RETRY;
      boolean mine = false;
      while (!isOver()) {
        try {
          Connection connection = connect();
          mine = mine || take(connection.remotePeer());
          if (!mine) {
            end(State.FAILED, "");
            return;
          }
          succeed(question.ask(connection));
          return;
        } catch (NotAdmittedException e) {
          if (e.reason() != NotAdmittedException.Reason.WAIT) {
            refused(e);
            return;
          }
          show(State.LOOKING, sentence(e));
          await(e.waitTime());
        } catch (IOException e) {
          failed(e);
          await(retry);
          retry = Duration.ofNanos(Math.min(2 * retry.toNanos(), LAST_RETRY.toNanos()));
        }
      }
      end(State.FAILED, "no answer");
    }

    private Connection connect() throws IOException {
      if (peer.isEmpty()) {
        return host.dial(addresses.getFirst()); // there is only that one
      }
      GrowingDial growing;
      lock.lock();
      try {
        growing = new GrowingDial(host, peer.get(), addresses);
        dial = Optional.of(growing);
        addressesAreNew = false;
      } finally {
        lock.unlock();
      }
      return growing.await();
    }

    /** A peer that is reached as two candidates is asked by one of them. */
    private boolean take(PeerId reached) {
      lock.lock();
      try {
        return taken.add(reached);
      } finally {
        lock.unlock();
      }
    }

    private boolean isOver() {
      lock.lock();
      try {
        return over || found != null;
      } finally {
        lock.unlock();
      }
    }

    private void succeed(Found sharer) {
      show(State.FOUND, "");
      lock.lock();
      try {
        ended = true;
        if (found == null) {
          found = sharer;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void failed(IOException failure) {
      boolean another = GrowingDial.foundAnotherPeer(failure);
      show(State.FAILED, another ? "another peer is there" : "no answer");
      if (another) {
        lock.lock();
        try {
          anotherPeer = failure;
        } finally {
          lock.unlock();
        }
      }
    }

    private void refused(NotAdmittedException refusal) {
      lock.lock();
      try {
        refusals.add(refusal);
        if (refusal.reason() != NotAdmittedException.Reason.UNKNOWN && !graceBegun) {
          graceBegun = true;
          var _ = host.time().after(GRACE, Finder.this::end);
        }
      } finally {
        lock.unlock();
      }
      end(State.FAILED, sentence(refusal));
    }

    private void end(State state, String detail) {
      show(state, detail);
      lock.lock();
      try {
        ended = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void show(State state, String detail) {
      Set<String> shown;
      lock.lock();
      try {
        shown = Set.copyOf(foundOn);
      } finally {
        lock.unlock();
      }
      shown.forEach(way -> ways.put(way, state, detail));
    }

    /** Waits, until there are new addresses at most. */
    private void await(Duration delay) {
      long due = host.time().nanoTime() + delay.toNanos();
      try (var _ = host.time().after(delay, Finder.this::wake)) {
        lock.lock();
        try {
          while (host.time().nanoTime() - due < 0 && !addressesAreNew && !over && found == null) {
            changed.awaitUninterruptibly();
          }
        } finally {
          lock.unlock();
        }
      }
    }
  }
}
