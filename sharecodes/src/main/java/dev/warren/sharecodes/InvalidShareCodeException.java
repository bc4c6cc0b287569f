package dev.warren.sharecodes;

import java.util.List;

/**
 * A text that is no code, or one with a mistake in it. The message is a sentence for the person who
 * typed it. It quotes at most the word that is wrong, never a key or a whole code.
 */
public final class InvalidShareCodeException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MAX_QUOTED = 32;

  private final int position;
  private final int length;

  @SuppressWarnings("serial") // an immutable list of strings is serializable
  private final List<String> suggestions;

  InvalidShareCodeException(String message, int position, int length, List<String> suggestions) {
    super(message);
    this.position = position;
    this.length = length;
    this.suggestions = List.copyOf(suggestions);
  }

  InvalidShareCodeException(String message, int position) {
    this(message, position, 0, List.of());
  }

  /**
   * Where in the text that was given the mistake begins; its length, where something is missing.
   */
  public int position() {
    return position;
  }

  /** How many characters are wrong from there on; 0 where that cannot be said. */
  public int length() {
    return length;
  }

  /** What the wrong characters may have been meant to be, likeliest first; often empty. */
  public List<String> suggestions() {
    return suggestions;
  }

  /** Quotes foreign text: short, and without what could move a cursor or forge a line of a log. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length() && i < MAX_QUOTED; i++) {
      char c = text.charAt(i);
      out.append(isPlain(c) ? c : '?');
    }
    return out.append(text.length() > MAX_QUOTED ? "…\"" : "\"").toString();
  }

  private static boolean isPlain(char c) {
    return Character.isLetterOrDigit(c) || (c >= ' ' && c < 0x7f);
  }
}
