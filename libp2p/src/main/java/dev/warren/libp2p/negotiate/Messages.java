package dev.warren.libp2p.negotiate;

import dev.warren.libp2p.multiformats.Varint;
import dev.warren.libp2p.negotiate.NegotiationException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The messages of multistream-select: varint length, UTF-8 text, newline. */
final class Messages {
  static final String HEADER = "/multistream/1.0.0";
  static final String NOT_AVAILABLE = "na";

  /** What go and js accept; a longer name is no protocol id that anyone uses. */
  static final int MAX_MESSAGE_BYTES = 1024;

  private Messages() {}

  /** Encodes several messages, to be sent in one write. */
  static byte[] encode(String... texts) {
    var out = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length + 1 > MAX_MESSAGE_BYTES) {
        throw new IllegalArgumentException(
            "a protocol id has at most " + (MAX_MESSAGE_BYTES - 1) + " bytes: " + text);
      }
      out.writeBytes(Varint.encode(bytes.length + 1));
      out.writeBytes(bytes);
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** Reads one message and not a byte more: what follows belongs to the negotiated protocol. */
  static String read(Duplex duplex) throws IOException {
    byte[] buffer = new byte[MAX_MESSAGE_BYTES];
    duplex.readFully(buffer, 0, 1);
    int length = buffer[0];
    if (length < 0) { // two bytes hold every allowed length
      duplex.readFully(buffer, 0, 1);
      length = (length & 0x7f) | buffer[0] << 7;
    }
    if (length < 1 || length > MAX_MESSAGE_BYTES) {
      throw new NegotiationException(
          Reason.MALFORMED, "the peer announced a negotiation message of " + length + " bytes");
    }
    duplex.readFully(buffer, 0, length);
    if (buffer[length - 1] != '\n') {
      throw new NegotiationException(
          Reason.MALFORMED, "the peer's negotiation message does not end in a newline");
    }
    return new String(buffer, 0, length - 1, StandardCharsets.UTF_8);
  }

  static void readHeader(Duplex duplex) throws IOException {
    String header = read(duplex);
    if (!header.equals(HEADER)) {
      throw new NegotiationException(
          Reason.MALFORMED,
          "the peer does not speak " + HEADER + " but says: " + printable(header));
    }
  }

  /**
   * What a peer sent may hold characters that act on a terminal: controls, also those of C1, marks
   * that turn the direction of the text around, and line ends.
   */
  static String printable(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return cut.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }
}
