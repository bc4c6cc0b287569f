package dev.warren.libp2p.negotiate;

import dev.warren.libp2p.multiformats.Varint;
import java.io.ByteArrayOutputStream;
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

  /**
   * What a peer sent may hold characters that act on a terminal: controls, also those of C1, marks
   * that turn the direction of the text around, and line ends.
   */
  static String printable(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return cut.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }
}
