package dev.warren.sharecodes;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text as it was pasted, freed of what is around the code, that still knows where in the original
 * each character stood.
 *
 * <p>Full-width characters, dashes and digits of other scripts come as those of ASCII, as they are
 * what input methods and messengers put in the place of those that were typed.
 */
final class PastedText {
  /** A prompt and the command that was copied along with the code. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:[$>#%]\\s*)?(?:\\S*[/\\\\])?warren(?:\\.exe|\\.bat)?\\s+receive\\s+",
          Pattern.CASE_INSENSITIVE);

  private static final String QUOTES = "\"'`*<>“”„‘’‚«»‹›「」『』";

  private final String text;

  /** Where each character stood in the original; one more for the end. */
  private final int[] origins;

  private PastedText(String text, int[] origins) {
    this.text = text;
    this.origins = origins;
  }

  static PastedText of(String original) throws InvalidShareCodeException {
    if (original.length() > ShareCode.MAX_CHARACTERS) {
      throw new InvalidShareCodeException(
          "%d characters are more than the %d of the longest code"
              .formatted(original.length(), ShareCode.MAX_CHARACTERS),
          ShareCode.MAX_CHARACTERS);
    }
    int[] origins = new int[original.length() + 1];
    StringBuilder plain = new StringBuilder(original.length());
    for (int i = 0; i < original.length(); i++) {
      char c = original.charAt(i);
      if (!isInvisible(c)) {
        origins[plain.length()] = i;
        plain.append(plain(c));
      }
    }
    origins[plain.length()] = original.length();
    return new PastedText(plain.toString(), origins).withoutSurroundings();
  }

  String text() {
    return text;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /** The same without spaces and line breaks, which no code needs but words. */
  PastedText withoutSpace() {
    return without(PastedText::isSpace);
  }

  PastedText without(IntPredicate unwanted) {
    StringBuilder kept = new StringBuilder(text.length());
    int[] keptOrigins = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      if (!unwanted.test(text.charAt(i))) {
        keptOrigins[kept.length()] = origins[i];
        kept.append(text.charAt(i));
      }
    }
    keptOrigins[kept.length()] = origins[text.length()];
    return new PastedText(kept.toString(), keptOrigins);
  }

  PastedText from(int start) {
    return between(start, text.length());
  }

  PastedText between(int start, int end) {
    return new PastedText(text.substring(start, end), Arrays.copyOfRange(origins, start, end + 1));
  }

  /** What is wrong from a character on. */
  InvalidShareCodeException wrong(String message, int at) {
    return new InvalidShareCodeException(message, origins[at]);
  }

  /** What is wrong with a part of the text, and what could stand in its place. */
  InvalidShareCodeException wrong(String message, int start, int end, List<String> suggestions) {
    int length = end > start ? origins[end - 1] + 1 - origins[start] : 0;
    return new InvalidShareCodeException(message, origins[start], length, suggestions);
  }

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private PastedText withoutSurroundings() {
    PastedText inner = trimmed();
    Matcher command = COMMAND.matcher(inner.text);
    return command.lookingAt() ? inner.from(command.end()).trimmed() : inner;
  }

  private PastedText trimmed() {
    int start = 0;
    int end = text.length();
    while (start < end && isSurrounding(text.charAt(start))) {
      start++;
    }
    while (end > start && isSurrounding(text.charAt(end - 1))) {
      end--;
    }
    return between(start, end);
  }

  private static boolean isSurrounding(char c) {
    return isSpace(c) || QUOTES.indexOf(c) >= 0;
  }

  /** Zero-width spaces and joiners, soft hyphens, byte order marks, directions. */
  private static boolean isInvisible(char c) {
    return Character.getType(c) == Character.FORMAT;
  }

  private static char plain(char c) {
    if (c < 0x80) {
      return c;
    }
    if (c >= '\uFF01' && c <= '\uFF5E') {
      return (char) (c - '\uFF01' + '!');
    }
    if (Character.getType(c) == Character.DASH_PUNCTUATION || c == '\u2212') {
      return '-';
    }
    int digit = Character.digit(c, 10);
    return digit >= 0 ? (char) ('0' + digit) : c;
  }
}
