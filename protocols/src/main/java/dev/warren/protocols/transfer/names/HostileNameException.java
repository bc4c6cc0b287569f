package dev.warren.protocols.transfer.names;

import java.io.IOException;

/**
 * A share has an entry whose name is not safe, or not possible, on every system. The share is
 * refused as a whole: nothing of it has been or may be written. The message names the entry in a
 * form that a terminal and a log can show.
 */
public final class HostileNameException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_SHOWN = 120;

  private final String entry;
  private final String reason;

  /**
   * Says which entry and why.
   *
   * @param entry as it came; shown escaped and shortened
   * @param reason the end of a sentence that begins with the entry
   */
  public HostileNameException(String entry, String reason) {
    super(printable(entry) + " " + reason);
    this.entry = printable(entry);
    this.reason = reason;
  }

  /** The entry, quoted, escaped and shortened. */
  public String entry() {
    return entry;
  }

  /** What is wrong with it: the end of a sentence that begins with the entry. */
  public String reason() {
    return reason;
  }

  /** Beginning and end of the text, with everything escaped that is not plainly visible. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder("\"");
    if (text.length() <= MAX_SHOWN) {
      escape(text, out);
    } else {
      escape(text.substring(0, MAX_SHOWN / 2), out);
      out.append("…");
      escape(text.substring(text.length() - MAX_SHOWN / 2), out);
    }
    return out.append('"').toString();
  }

  private static void escape(String text, StringBuilder out) {
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (isPlain(c)) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u{").append(Integer.toHexString(c)).append('}');
              }
            });
  }

  private static boolean isPlain(int c) {
    return c < 0x80 ? c >= ' ' && c != 0x7f : Character.isLetterOrDigit(c);
  }
}
