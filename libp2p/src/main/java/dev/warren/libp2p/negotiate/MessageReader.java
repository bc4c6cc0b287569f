package dev.warren.libp2p.negotiate;

import dev.warren.libp2p.negotiate.NegotiationException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages and not a byte more: what follows belongs to the negotiated protocol.
 *
 * <p>What had arrived when a read timed out is kept, so that the next call goes on from there.
 */
final class MessageReader {
  private final Duplex duplex;
  private final byte[] prefix = new byte[2]; // two bytes hold every allowed length
  private int prefixBytes;
  private byte @Nullable [] text;
  private int textBytes;

  MessageReader(Duplex duplex) {
    this.duplex = duplex;
  }

  String next() throws IOException {
    byte[] body = text == null ? new byte[length()] : text;
    text = body;
    while (textBytes < body.length) {
      int n = duplex.read(body, textBytes, body.length - textBytes);
      if (n < 0) {
        throw new EOFException("the peer closed within a negotiation message");
      }
      textBytes += n;
    }
    text = null;
    textBytes = 0;
    prefixBytes = 0;
    if (body[body.length - 1] != '\n') {
      throw new NegotiationException(
          Reason.MALFORMED, "the peer's negotiation message does not end in a newline");
    }
    return new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
  }

  void header() throws IOException {
    String header = next();
    if (!header.equals(Messages.HEADER)) {
      throw new NegotiationException(
          Reason.MALFORMED,
          "the peer does not speak "
              + Messages.HEADER
              + " but says: "
              + Messages.printable(header));
    }
  }

  private int length() throws IOException {
    while (prefixBytes == 0 || (prefixBytes == 1 && prefix[0] < 0)) {
      duplex.readFully(prefix, prefixBytes, 1);
      prefixBytes++;
    }
    int length = prefix[0] < 0 ? (prefix[0] & 0x7f) | prefix[1] << 7 : prefix[0];
    if (length < 1 || length > Messages.MAX_MESSAGE_BYTES) {
      throw new NegotiationException(
          Reason.MALFORMED, "the peer announced a negotiation message of " + length + " bytes");
    }
    return length;
  }
}
