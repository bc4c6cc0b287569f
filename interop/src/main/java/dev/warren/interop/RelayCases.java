package dev.warren.interop;

import static dev.warren.interop.Implementation.JS;
import static dev.warren.interop.Implementation.RUST;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What relays do for those who cannot be dialed. Who listens is the relay, who dials is its client,
 * and a third that is started for the case is at the other end of the circuit.
 */
final class RelayCases {
  private static final String NO_PEER = "held against go-libp2p and rust-libp2p alone";
  private static final long BYTES = 1 << 20;
  private static final long FEW_BYTES = 16 << 10;

  private RelayCases() {}

  static List<InteropCase> all() {
    return List.of(
        of("relay-place", "relay, has a place and is reached", RelayCases::place, "on"),
        of("relay-reach", "relay, reaches who has a place", RelayCases::reach, "on"),
        of("relay-limits", "relay, limits of time and bytes", RelayCases::limits, "limited")
            .over(Transport.TCP));
  }

  private static InteropCase of(String name, String title, InteropCase.Body body, String relay) {
    return InteropCase.of(name, title, body).withListener("--relay", relay).without(JS, NO_PEER);
  }

  /** By both implementations, since each makes its circuits in its own way. */
  private static void place(Meeting meeting) throws PeerException {
    meeting.part();
    PeerProcess reached = meeting.dialer();
    String address = reserve(reached, meeting.listener());
    Set<Implementation> both =
        new LinkedHashSet<>(
            List.of(meeting.ours().implementation(), meeting.theirs().implementation()));
    for (Implementation implementation : both) {
      try (PeerProcess third = third(meeting, implementation)) {
        checkCircuit(third, reached, address);
      }
    }
  }

  private static void reach(Meeting meeting) throws PeerException {
    meeting.part();
    PeerProcess relay = meeting.listener();
    try (PeerProcess third = third(meeting, relay.implementation())) {
      checkCircuit(meeting.dialer(), third, reserve(third, relay));
    }
  }

  private static void limits(Meeting meeting) throws PeerException {
    meeting.part();
    PeerProcess reached = meeting.dialer();
    JsonObject place = reached.call("relay-reserve", "addr", meeting.listener().address());
    Duration time = CircuitCommands.LIMITED.duration();
    InteropCases.check(
        place.get("limitSeconds").getAsLong() == time.toSeconds()
            && place.get("limitBytes").getAsLong() == CircuitCommands.LIMITED.bytes(),
        "the relay told of other limits: " + place);
    String address = address(place);
    try (PeerProcess third = third(meeting, reached.implementation())) {
      dial(third, reached, address);
      try {
        third.call("echo", "peer", reached.id(), "bytes", BYTES);
        throw new PeerException("the circuit carried more than it was to");
      } catch (CommandFailedException e) {
        awaitEnd(third, reached);
      }
      long start = System.nanoTime();
      dial(third, reached, address);
      awaitEnd(third, reached);
      InteropCases.check(
          System.nanoTime() - start >= time.toNanos(), "the circuit ended before its time");
    }
  }

  /** Takes a place, and gives the address that leads there. */
  private static String reserve(PeerProcess peer, PeerProcess relay) throws PeerException {
    JsonObject place = peer.call("relay-reserve", "addr", relay.address());
    InteropCases.check(
        address(place).equals(relay.address() + "/p2p-circuit/p2p/" + peer.id()),
        "the place is at " + address(place));
    // rust-libp2p neither gives vouchers nor looks at them.
    boolean vouched = relay.implementation() != RUST && peer.implementation() != RUST;
    InteropCases.check(
        place.get("voucher").getAsBoolean() == vouched,
        vouched ? "there is no voucher" : "there is a voucher");
    return address(place);
  }

  private static String address(JsonObject place) {
    return InteropCases.texts(place, "addrs").getFirst();
  }

  private static PeerProcess third(Meeting meeting, Implementation implementation)
      throws PeerException {
    return PeerProcess.start(implementation, "--listen", meeting.transport().anyPort());
  }

  private static void checkCircuit(PeerProcess from, PeerProcess to, String address)
      throws PeerException {
    dial(from, to, address);
    checkRelayed(from, to);
    checkRelayed(to, from);
    from.call("echo", "peer", to.id(), "bytes", BYTES);
    to.call("echo", "peer", from.id(), "bytes", BYTES);
    from.call("disconnect", "peer", to.id());
    awaitEnd(from, to);
  }

  private static void dial(PeerProcess from, PeerProcess to, String address) throws PeerException {
    from.call("dial", "addr", address);
    from.call("echo", "peer", to.id(), "bytes", FEW_BYTES); // so that the other end has it too
  }

  private static void checkRelayed(PeerProcess peer, PeerProcess other) throws PeerException {
    List<String> paths = InteropCases.texts(peer.call("paths", "peer", other.id()), "addrs");
    InteropCases.check(
        paths.size() == 1 && paths.getFirst().contains("/p2p-circuit"),
        peer + " is connected by " + paths);
  }

  private static void awaitEnd(PeerProcess one, PeerProcess other) throws PeerException {
    Meeting.awaitConnected(one, other, false);
    Meeting.awaitConnected(other, one, false);
  }
}
