package dev.warren.cli.endtoend.lab;

import java.time.Duration;
import java.util.Optional;

/** Two homes, in the one of which something is shared, and in the other received. */
record Pair(HomeKind sharer, HomeKind receiver, Where where, Start start, Trouble trouble) {
  enum Where {
    /** Each in a home of their own. */
    APART,

    /** Behind one router, which does not let them hear each other. */
    SAME_ROUTER,

    /** Behind one router, in one network. */
    SAME_NETWORK
  }

  /** When the receiver comes. */
  enum Start {
    /** As soon as the sharer can be found. */
    AT_ONCE,

    /** When the sharer knows how it is reached over QUIC, which takes longer than by TCP. */
    SETTLED
  }

  /** What happens amid the transfer. */
  enum Trouble {
    NONE(""),
    SHARER_REBOOTS("the sharer's router reboots"),
    RECEIVER_REBOOTS("the receiver's router reboots"),
    SHARER_AWAY("the sharer's router is off for two minutes"),
    SHARER_MOVES("the sharer's router gets another address"),
    RECEIVER_MOVES("the receiver's router gets another address");

    private final String text;

    Trouble(String text) {
      this.text = text;
    }
  }

  static Pair apart(HomeKind sharer, HomeKind receiver) {
    return new Pair(sharer, receiver, Where.APART, Start.AT_ONCE, Trouble.NONE);
  }

  /** Two behind one router. */
  static Pair together(HomeKind kind, Where where) {
    return new Pair(kind, kind, where, Start.AT_ONCE, Trouble.NONE);
  }

  Pair settled() {
    return new Pair(sharer, receiver, where, Start.SETTLED, trouble);
  }

  Pair amid(Trouble happening) {
    return new Pair(sharer, receiver, where, start, happening);
  }

  /** Whether the two need nobody in between, once they know of each other. */
  boolean canMeet() {
    return switch (where) {
      case APART -> sharer.canMeet(receiver);
      case SAME_ROUTER -> sharer.tcp().filtering() == Router.Filtering.ENDPOINT_INDEPENDENT;
      case SAME_NETWORK -> true;
    };
  }

  /**
   * Whether no hole can be punched but over QUIC. As what others see that, a receiver that has just
   * started does not know by the first attempt.
   */
  boolean needsQuic() {
    return where == Where.APART && sharer == HomeKind.TCP_STRICT && receiver == HomeKind.TCP_STRICT;
  }

  @Override
  public String toString() {
    return switch (where) {
      case APART ->
          sharer.label()
              + " → "
              + receiver.label()
              + (start == Start.SETTLED ? ", who comes later" : "")
              + (trouble == Trouble.NONE ? "" : ", " + trouble.text);
      case SAME_ROUTER -> "two behind the same " + sharer.label() + " router, apart";
      case SAME_NETWORK -> "two behind the same " + sharer.label() + " router";
    };
  }

  /** How it came in the end. */
  enum Route {
    NONE("✗"),
    RELAYED("relayed"),
    TCP("TCP"),
    QUIC("QUIC"),

    /** In the network that the two are in, where the laboratory does not look. */
    WITHIN("within"),

    /** It came, and nothing was seen of it. */
    UNKNOWN("?");

    private final String text;

    Route(String text) {
      this.text = text;
    }

    boolean isDirect() {
      return switch (this) {
        case TCP, QUIC, WITHIN -> true;
        case NONE, RELAYED, UNKNOWN -> false;
      };
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What became of it.
   *
   * @param route how it came in the end, seen from outside
   * @param firstByte how long the first file took, from the start of the receiver
   * @param connected how long it took until the receiver said that it is connected
   * @param directAfter how much later content came with nobody in between
   */
  record Result(
      Pair pair,
      Route route,
      Optional<Duration> connected,
      Optional<Duration> firstByte,
      Optional<Duration> directAfter) {
    /** Nothing came of it. */
    static Result failed(Pair pair) {
      return new Result(pair, Route.NONE, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether it is what the theory says; amid trouble, any way will do. */
    boolean isGood() {
      return route != Route.NONE
          && route != Route.UNKNOWN
          && (pair.trouble() != Trouble.NONE || route.isDirect() == pair.canMeet());
    }

    @Override
    public String toString() {
      return "%s%s: %s; connected after %s, first byte after %s, direct %s after that"
          .formatted(
              pair,
              isGood() ? "" : " (!)",
              route,
              text(connected),
              text(firstByte),
              text(directAfter));
    }
  }

  static String text(Optional<Duration> time) {
    return time.map(it -> "%.1f s".formatted(it.toMillis() / 1e3)).orElse("–");
  }
}
