package dev.warren.interop;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** Two peers, ours and another, and what they do with each other. */
record Meeting(Transport transport, Direction direction, PeerProcess ours, PeerProcess theirs) {

  /** Something that one peer does with the other. */
  @FunctionalInterface
  interface Deed {
    void run(PeerProcess from, PeerProcess to) throws PeerException;
  }

  PeerProcess dialer() {
    return direction == Direction.WE_DIAL ? ours : theirs;
  }

  PeerProcess listener() {
    return direction == Direction.WE_DIAL ? theirs : ours;
  }

  /** Whether the listener sees the dialer where it listens: over QUIC, but not with js-libp2p. */
  boolean dialsFromWhereItListens() {
    return transport == Transport.QUIC && dialer().implementation() != Implementation.JS;
  }

  /** Connects the two, if they are not, and returns when both know of it. */
  void connect() throws PeerException {
    dialer().call("dial", "addr", listener().address());
    bothWays((from, to) -> awaitConnected(from, to, true));
  }

  /** What our peer says of the connection. */
  JsonObject connection() throws PeerException {
    return ours.call("connection", "peer", theirs.id());
  }

  /** Ends the connection, if there is one. */
  void part() throws PeerException {
    end(dialer(), listener());
  }

  /** Lets one end the connection, and returns when both know that it has ended. */
  void end(PeerProcess ending, PeerProcess other) throws PeerException {
    ending.call("disconnect", "peer", other.id());
    bothWays((from, to) -> awaitConnected(from, to, false));
  }

  /** Waits until the peer says that it is, or is no longer, connected with the other. */
  static void awaitConnected(PeerProcess peer, PeerProcess other, boolean connected)
      throws PeerException {
    var id = new JsonPrimitive(other.id());
    peer.until(answer -> answer.getAsJsonArray("peers").contains(id) == connected, "peers");
  }

  /** Lets us do something with them, and then them with us. */
  void bothWays(Deed deed) throws PeerException {
    deed.run(ours, theirs);
    deed.run(theirs, ours);
  }
}
