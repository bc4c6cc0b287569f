package dev.warren.libp2p.multiformats;

import java.io.ByteArrayOutputStream;

/**
 * Reads the text of a multiaddr: {@code /name/value} for each component, {@code /name} alone where
 * the protocol has no value. Slashes at the end mean nothing. See multiformats/multiaddr README.md,
 * "Human-readable form".
 */
final class MultiaddrText {
  private MultiaddrText() {}

  static byte[] parse(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 0) {
      throw new MalformedException("a multiaddr has at least one component");
    }
    if (text.charAt(0) != '/') {
      throw new MalformedException(
          "a multiaddr begins with '/', not as " + MalformedException.quote(text));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    int at = 0;
    while (at < end) {
      int next;
      try {
        next = parseComponent(text, at, end, out);
      } catch (MalformedException e) {
        throw new MalformedException(
            "multiaddr at character %d: %s".formatted(at, e.getMessage()), e);
      }
      Multiaddr.requireLength(out.size());
      at = next;
    }
    return out.toByteArray();
  }

  /** Parses the component whose slash is at the index and returns the index of the next one's. */
  private static int parseComponent(String text, int at, int end, ByteArrayOutputStream out) {
    int nameEnd = segmentEnd(text, at, end);
    Protocol protocol = Protocol.named(text.substring(at + 1, nameEnd));
    if (!protocol.hasValue()) {
      out.writeBytes(protocol.encode(""));
      return nameEnd;
    }
    if (nameEnd == end) {
      throw new MalformedException(protocol + ": value is missing");
    }
    int valueFrom = protocol.isPath() ? nameEnd : nameEnd + 1;
    int valueEnd = protocol.isPath() ? end : segmentEnd(text, nameEnd, end);
    try {
      out.writeBytes(protocol.encode(text.substring(valueFrom, valueEnd)));
    } catch (MalformedException e) {
      throw new MalformedException(protocol + ": " + e.getMessage(), e);
    }
    return valueEnd;
  }

  private static int segmentEnd(String text, int slash, int end) {
    int next = text.indexOf('/', slash + 1, end);
    return next < 0 ? end : next;
  }
}
