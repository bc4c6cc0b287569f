package dev.warren.interop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the peers that the cases of one column meet with. Cases that want the same options share a
 * peer, which saves starting it; after a failure all begins anew.
 */
final class MeetingRoom implements AutoCloseable {

  private enum Side {
    OURS,
    THEIRS
  }

  private record Seat(Side side, List<String> options) {}

  private final Transport transport;
  private final Column column;
  private final Map<Seat, PeerProcess> seated = new HashMap<>();

  MeetingRoom(Transport transport, Column column) {
    this.transport = transport;
    this.column = column;
  }

  /** The two peers of a case, started where they do not run yet. */
  Meeting meeting(InteropCase wanted) throws PeerException {
    return new Meeting(
        transport,
        column.direction(),
        seat(Implementation.WARREN, new Seat(Side.OURS, wanted.ourOptions(column.direction()))),
        seat(column.theirs(), new Seat(Side.THEIRS, wanted.theirOptions(column.direction()))));
  }

  private PeerProcess seat(Implementation implementation, Seat seat) throws PeerException {
    PeerProcess present = seated.get(seat);
    if (present == null) {
      var options = new ArrayList<>(seat.options());
      if (!options.contains("--listen")) {
        options.addAll(List.of("--listen", transport.anyPort()));
      }
      options.addAll(List.of("--agent", agent(implementation)));
      present = PeerProcess.start(implementation, options.toArray(String[]::new));
      seated.put(seat, present);
    }
    return present;
  }

  /** The name that a peer is to tell by identify. */
  static String agent(Implementation implementation) {
    return "interop/" + implementation.label();
  }

  /** Ends the peers. */
  void clear() {
    seated.values().forEach(PeerProcess::close);
    seated.clear();
  }

  @Override
  public void close() {
    clear();
  }
}
