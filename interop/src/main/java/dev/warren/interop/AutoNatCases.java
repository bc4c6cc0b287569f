package dev.warren.interop;

import static dev.warren.interop.Implementation.GO;
import static dev.warren.interop.Implementation.JS;
import static dev.warren.interop.Implementation.RUST;

import java.util.List;

/**
 * Whether one can be dialed, asked of the other: who makes the connection asks, about the address
 * that it listens on and about one where nobody is.
 */
final class AutoNatCases {
  private static final String NOBODY = "/ip4/127.0.0.1/tcp/9";
  private static final String OF_GO = "held against go-libp2p alone";

  private AutoNatCases() {}

  static List<InteropCase> all() {
    return List.of(
        ofGo("autonat-1", "AutoNAT v1, dial back", AutoNatCases::first),
        ofGo("autonat-2", "AutoNAT v2, dial back", AutoNatCases::second));
  }

  private static InteropCase ofGo(String name, String title, InteropCase.Body body) {
    return InteropCase.of(name, title, body).without(RUST, OF_GO).without(JS, OF_GO);
  }

  private static void first(Meeting meeting) throws PeerException {
    // go dials no address of this machine, but says so by the rules.
    boolean dials = meeting.listener().implementation() != GO;
    ask(meeting, "autonat-1", own(meeting.dialer()), dials ? "reached" : "refused");
    ask(meeting, "autonat-1", NOBODY, dials ? "unreached" : "refused");
  }

  private static void second(Meeting meeting) throws PeerException {
    ask(meeting, "autonat-2", own(meeting.dialer()), "reached");
    ask(meeting, "autonat-2", NOBODY, "unreached");
  }

  private static void ask(Meeting meeting, String command, String address, String expected)
      throws PeerException {
    meeting.part();
    meeting.listener().call("autonat-serve");
    // Who asks anew is not held to the pause that go makes between two questions.
    meeting.dialer().call("autonat-serve");
    meeting.connect();
    String answer =
        meeting
            .dialer()
            .call(command, "peer", meeting.listener().id(), "addr", address)
            .get("answer")
            .getAsString();
    InteropCases.check(
        answer.equals(expected), "%s was %s, not %s".formatted(address, answer, expected));
  }

  private static String own(PeerProcess peer) {
    return peer.address().replaceFirst("/p2p/.*", "");
  }
}
