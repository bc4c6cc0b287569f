package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.DialException;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Measures how far several peers are, all at once. */
final class RelayProbe implements RelayDistance {
  /** What the others have after the first has answered. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /**
   * For those who say nothing, while others may have become ready. What dials they do not end, and
   * who answers later is there when it is asked again.
   */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private sealed interface Answer {
    record Measured(Near near) implements Answer {}

    record Missed(PeerId peer, Miss why) implements Answer {}

    record Late() implements Answer {}
  }

  private final Host host;
  private final Function<PeerId, List<Multiaddr>> addresses;

  /**
   * @param addresses where a peer may be, beside what the host knows
   */
  RelayProbe(Host host, Function<PeerId, List<Multiaddr>> addresses) {
    this.host = host;
    this.addresses = addresses;
  }

  @Override
  public List<Near> nearest(List<PeerId> peers, BiConsumer<PeerId, Miss> missed)
      throws InterruptedException {
    var answers = new LinkedBlockingQueue<Answer>();
    for (PeerId peer : peers) {
      Thread.ofVirtual().name("libp2p-relay-probe").start(() -> answers.add(measure(peer)));
    }
    Set<PeerId> open = new HashSet<>(peers);
    List<Near> near = new ArrayList<>();
    boolean late = false;
    try (var _ = host.time().after(LIMIT, () -> answers.add(new Answer.Late()))) {
      while (!open.isEmpty() && !late) {
        switch (answers.take()) {
          case Answer.Measured(Near measured) -> {
            open.remove(measured.peer());
            near.add(measured);
            if (near.size() == 1) {
              host.time().after(GRACE, () -> answers.add(new Answer.Late()));
            }
          }
          case Answer.Missed(PeerId peer, Miss why) -> {
            open.remove(peer);
            missed.accept(peer, why);
          }
          case Answer.Late() -> late = true;
        }
      }
    }
    if (near.isEmpty()) {
      open.forEach(peer -> missed.accept(peer, Miss.UNREACHED));
    }
    return near.stream().sorted(Comparator.comparing(Near::roundTrip)).toList();
  }

  private Answer measure(PeerId peer) {
    Connection connection;
    try {
      connection = host.dial(peer, addresses.apply(peer));
    } catch (DialException e) {
      return new Answer.Missed(peer, e.wasAnswered() ? Miss.BROKE_OFF : Miss.UNREACHED);
    } catch (IOException | RuntimeException e) {
      return new Answer.Missed(peer, Miss.UNREACHED);
    }
    try {
      return connection.isRelayed()
          ? new Answer.Missed(peer, Miss.BROKE_OFF)
          : new Answer.Measured(new Near(peer, connection.ping()));
    } catch (IOException | RuntimeException e) {
      return new Answer.Missed(peer, Miss.BROKE_OFF);
    }
  }
}
