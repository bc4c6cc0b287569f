package dev.warren.libp2p.multiformats;

import java.util.Arrays;

/**
 * An IPv6 address: read in every form of RFC 4291 section 2.2 without zone, written in the one of
 * RFC 5952.
 */
record Ip6Value() implements ValueCodec {
  static final int BYTES = 16;

  private static final int GROUPS = 8;
  private static final int NONE = -1;

  @Override
  public byte[] parse(String text) {
    byte[] out = new byte[BYTES];
    int written = 0;
    int gap = NONE;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      require(written < BYTES, text);
      int colon = text.indexOf(':', at);
      if (colon < 0 && text.indexOf('.', at) >= 0) {
        require(written <= BYTES - Ip4Value.BYTES, text);
        Ip4Value.parse(text, at, out, written);
        written += Ip4Value.BYTES;
        break;
      }
      int end = colon < 0 ? text.length() : colon;
      int group = parseGroup(text, at, end);
      out[written++] = (byte) (group >>> 8);
      out[written++] = (byte) group;
      at = end;
      if (colon >= 0) {
        at++;
        require(at < text.length(), text);
        if (text.charAt(at) == ':') {
          require(gap == NONE, text);
          gap = written;
          at++;
        }
      }
    }
    // A gap stands for at least one group, see RFC 4291 section 2.2.
    require(gap == NONE ? written == BYTES : written < BYTES, text);
    if (gap != NONE) {
      int tail = written - gap;
      System.arraycopy(out, gap, out, BYTES - tail, tail);
      Arrays.fill(out, gap, BYTES - tail, (byte) 0);
    }
    return out;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    // Every value of the right size is an address.
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    StringBuilder out = new StringBuilder(39);
    if (isMappedIp4(bytes, from)) {
      out.append("::ffff:");
      Ip4Value.append(bytes, to - Ip4Value.BYTES, out);
      return out.toString();
    }
    // RFC 5952 section 4.2: the longest run of zeros is left out, the first of equals, never a
    // single group.
    int gap = NONE;
    int gapLength = 1;
    int run = 0;
    for (int i = 0; i < GROUPS; i++) {
      run = group(bytes, from, i) == 0 ? run + 1 : 0;
      if (run > gapLength) {
        gapLength = run;
        gap = i + 1 - run;
      }
    }
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        out.append("::");
        i += gapLength - 1;
      } else {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
          out.append(':');
        }
        out.append(Integer.toHexString(group(bytes, from, i)));
      }
    }
    return out.toString();
  }

  private static boolean isMappedIp4(byte[] bytes, int from) {
    for (int i = 0; i < 5; i++) {
      if (group(bytes, from, i) != 0) {
        return false;
      }
    }
    return group(bytes, from, 5) == 0xffff;
  }

  private static int group(byte[] bytes, int from, int index) {
    int at = from + 2 * index;
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static int parseGroup(String text, int from, int to) {
    require(to > from && to - from <= 4, text);
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      // Character.digit alone would also take the digits of other scripts.
      int digit = c < 0x80 ? Character.digit(c, 16) : NONE;
      require(digit >= 0, text);
      value = value << 4 | digit;
    }
    return value;
  }

  private static void require(boolean condition, String text) {
    if (!condition) {
      throw new MalformedException(MalformedException.quote(text) + " is not an IPv6 address");
    }
  }
}
