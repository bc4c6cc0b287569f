package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.nat.relay.pb.Status;
import java.io.IOException;

/** A relay does not do what it was asked for. */
public final class RelayRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** It serves others, or none at all. */
    NOT_PERMITTED("does not serve this peer"),
    /** It has no place, or no circuit, left. */
    FULL("has no room left"),
    /** The peer that is to be reached has no place there. */
    NO_RESERVATION("is not connected to that peer"),
    /** The peer that is to be reached did not answer it. */
    UNREACHABLE("could not reach that peer"),
    /** It did not understand what it was asked for. */
    OTHER("refused");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }

    static Reason of(Status status) {
      return switch (status) {
        case PERMISSION_DENIED -> NOT_PERMITTED;
        case RESERVATION_REFUSED, RESOURCE_LIMIT_EXCEEDED -> FULL;
        case NO_RESERVATION -> Reason.NO_RESERVATION;
        case CONNECTION_FAILED -> UNREACHABLE;
        case UNUSED, OK, MALFORMED_MESSAGE, UNEXPECTED_MESSAGE, UNRECOGNIZED -> OTHER;
      };
    }
  }

  private final Reason reason;

  RelayRefusedException(Status status) {
    this(Reason.of(status));
  }

  private RelayRefusedException(Reason reason) {
    super("the relay " + reason.sentence);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
