package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.transport.ConnectionClosedException;
import java.io.IOException;
import java.util.List;

/** The peer could not be reached at any of its addresses. The dial may be tried again. */
public final class DialException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * One address and why it did not lead to the peer.
   *
   * @param address the address tried
   * @param reason a sentence for the user
   * @param cause the failure itself
   */
  public record Attempt(Multiaddr address, String reason, IOException cause) {}

  private final transient List<Attempt> attempts;

  DialException(String target, List<Attempt> attempts) {
    super(describe(target, attempts), attempts.isEmpty() ? null : attempts.getLast().cause());
    this.attempts = List.copyOf(attempts);
  }

  /** Every address that was tried, in order. */
  public List<Attempt> attempts() {
    return attempts;
  }

  /** Whether somebody was at one of the addresses, and did not become a connection. */
  public boolean wasAnswered() {
    return attempts.stream()
        .map(Attempt::cause)
        .anyMatch(
            it -> it instanceof HandshakeException || it instanceof ConnectionClosedException);
  }

  private static String describe(String target, List<Attempt> attempts) {
    if (attempts.isEmpty()) {
      return "cannot reach " + target + ": no address is known";
    }
    var text = new StringBuilder("cannot reach ").append(target).append(':');
    for (Attempt attempt : attempts) {
      text.append("\n  ").append(attempt.address()).append(": ").append(attempt.reason());
    }
    return text.toString();
  }
}
