package dev.warren.libp2p.multiformats;

/** Text or bytes that are not what they claim to be. The message says what is wrong and where. */
public class MalformedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_QUOTED = 64;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Quotes foreign text for a message: short, and without what could forge a line of a log. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length() && i < MAX_QUOTED; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return out.append(text.length() > MAX_QUOTED ? "...\"" : "\"").toString();
  }
}
