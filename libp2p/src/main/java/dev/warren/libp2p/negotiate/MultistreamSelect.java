package dev.warren.libp2p.negotiate;

import dev.warren.libp2p.negotiate.NegotiationException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** Agrees with the peer on the protocol of a connection or stream. */
public final class MultistreamSelect {

  /** A peer that asks for more protocols than this is not looking for one. */
  private static final int MAX_PROPOSALS = 100;

  private MultistreamSelect() {}

  /**
   * Offers the protocols in turn, blocking until the peer takes one.
   *
   * @return the protocol that the peer took
   */
  public static String select(Duplex duplex, List<String> protocols) throws IOException {
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("there is no protocol to offer");
    }
    // The header and the first offer go together: one round trip when the peer takes it.
    duplex.write(Messages.encode(Messages.HEADER, protocols.getFirst()));
    var reader = new MessageReader(duplex);
    reader.header();
    for (int i = 0; ; i++) {
      String offered = protocols.get(i);
      String answer = reader.next();
      if (answer.equals(offered)) {
        return offered;
      }
      if (!answer.equals(Messages.NOT_AVAILABLE)) {
        throw unexpected(offered, answer);
      }
      if (i + 1 == protocols.size()) {
        throw notSupported(protocols);
      }
      duplex.write(Messages.encode(protocols.get(i + 1)));
    }
  }

  /**
   * Waits for the peer to offer a protocol that we support.
   *
   * @return the protocol agreed on
   */
  public static String answer(Duplex duplex, Predicate<String> supported) throws IOException {
    var reader = new MessageReader(duplex);
    reader.header();
    boolean headerSent = false;
    // Some dialers send their offer only after our header; those that sent it already get header
    // and answer in one write.
    if (duplex.available() == 0) {
      duplex.write(Messages.encode(Messages.HEADER));
      headerSent = true;
    }
    for (int proposals = 0; proposals < MAX_PROPOSALS; proposals++) {
      String offered = reader.next();
      boolean takes = supported.test(offered);
      String answer = takes ? offered : Messages.NOT_AVAILABLE;
      duplex.write(headerSent ? Messages.encode(answer) : Messages.encode(Messages.HEADER, answer));
      headerSent = true;
      if (takes) {
        return offered;
      }
    }
    throw new NegotiationException(
        Reason.NOT_SUPPORTED,
        "the peer offered " + MAX_PROPOSALS + " protocols, none of them ours");
  }

  /**
   * Offers one protocol without waiting for the answer, which is checked when the first byte is
   * read: the negotiation costs no round trip.
   *
   * <p>Sound as long as what is written into the result does not itself start with such a
   * negotiation. A refusal shows as {@link NegotiationException} from the first read.
   */
  public static LazyNegotiation lazy(Duplex duplex, String protocol) {
    return new LazyNegotiation(duplex, protocol);
  }

  static NegotiationException unexpected(String offered, String answer) {
    return new NegotiationException(
        Reason.MALFORMED,
        "the peer answered " + Messages.printable(answer) + " to the offer of " + offered);
  }

  static NegotiationException notSupported(List<String> protocols) {
    return new NegotiationException(
        Reason.NOT_SUPPORTED, "the peer does not speak " + String.join(", ", protocols));
  }
}
