package dev.warren.libp2p.multiformats;

import java.io.ByteArrayOutputStream;

/**
 * A path of an HTTP resource, in text one segment of a URI path (RFC 3986 section 3.3, {@code
 * segment-nz}), in bytes as it is. See multiformats/multiaddr protocols/http-path.md.
 *
 * <p>Written with all but unreserved characters escaped: some readers take a bare {@code +} for a
 * space, none an escaped one.
 */
record HttpPathValue() implements ValueCodec {
  private static final String UNRESERVED_MARKS = "-._~";
  private static final String DELIMITERS = "!$&'()*+,;=:@";
  private static final String HEX = "0123456789ABCDEF";

  @Override
  public byte[] parse(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = hexDigit(text, i + 1);
        int low = hexDigit(text, i + 2);
        if (high < 0 || low < 0) {
          throw new MalformedException("'%' at " + i + " is not followed by two hex digits");
        }
        out.write(high << 4 | low);
        i += 2;
      } else if (isUnreserved(c) || DELIMITERS.indexOf(c) >= 0) {
        out.write(c);
      } else {
        throw new MalformedException(
            "character U+%04X at %d has to be percent-encoded".formatted((int) c, i));
      }
    }
    requireNotEmpty(out.size());
    return out.toByteArray();
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    requireNotEmpty(to - from);
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    StringBuilder out = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      char c = (char) (bytes[i] & 0xff);
      if (isUnreserved(c)) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >>> 4)).append(HEX.charAt(c & 0xf));
      }
    }
    return out.toString();
  }

  private static void requireNotEmpty(int length) {
    if (length == 0) {
      throw new MalformedException("an HTTP path is not empty");
    }
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || UNRESERVED_MARKS.indexOf(c) >= 0;
  }

  private static int hexDigit(String text, int index) {
    return index < text.length() && text.charAt(index) < 0x80
        ? Character.digit(text.charAt(index), 16)
        : -1;
  }
}
