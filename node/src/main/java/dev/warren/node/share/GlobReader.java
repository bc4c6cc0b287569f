package dev.warren.node.share;

import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Reads the characters of a {@link Glob}, and classes of them. */
final class GlobReader {
  /** What is before the first character and after the last; no character of any text. */
  static final int NOTHING = -1;

  /** Of ASCII alone, as in git. */
  private static final Map<String, IntPredicate> CLASSES =
      Map.ofEntries(
          Map.entry("alnum", c -> isAlpha(c) || isDigit(c)),
          Map.entry("alpha", GlobReader::isAlpha),
          Map.entry("blank", c -> c == ' ' || c == '\t'),
          Map.entry("cntrl", c -> isBetween(c, 0, ' ' - 1) || c == 0x7f),
          Map.entry("digit", GlobReader::isDigit),
          Map.entry("graph", GlobReader::isGraph),
          Map.entry("lower", c -> isBetween(c, 'a', 'z')),
          Map.entry("print", c -> c == ' ' || isGraph(c)),
          Map.entry("punct", c -> isGraph(c) && !isAlpha(c) && !isDigit(c)),
          Map.entry("space", c -> c == ' ' || c == '\t' || c == '\n' || c == '\r'),
          Map.entry("upper", c -> isBetween(c, 'A', 'Z')),
          Map.entry("xdigit", c -> isDigit(c) || isBetween(c, 'a', 'f') || isBetween(c, 'A', 'F')));

  private final int[] pattern;
  private int position;

  GlobReader(String pattern) {
    this.pattern = pattern.codePoints().toArray();
  }

  boolean hasNext() {
    return position < pattern.length;
  }

  int next() {
    return hasNext() ? pattern[position++] : NOTHING;
  }

  /** The character before the next. */
  int previous() {
    return position == 0 ? NOTHING : pattern[position - 1];
  }

  private int peek(int ahead) {
    return position + ahead < pattern.length ? pattern[position + ahead] : NOTHING;
  }

  boolean isAtSlash() {
    return peek(0) == '/';
  }

  boolean isAtEscapedSlash() {
    return peek(0) == '\\' && peek(1) == '/';
  }

  /** Passes over all of these, and returns whether there was one. */
  boolean skip(char c) {
    int start = position;
    while (peek(0) == c) {
      position++;
    }
    return position > start;
  }

  /** What is accepted by the class whose bracket has just been read. */
  IntPredicate characterClass() {
    boolean negated = peek(0) == '!' || peek(0) == '^';
    if (negated) {
      position++;
    }
    IntPredicate accepts = GlobReader::nothing;
    // A range may begin with the character before, unless that was the end of one, or a named
    // class.
    int rangeStart = NOTHING;
    boolean first = true;
    while (first || peek(0) != ']') {
      first = false;
      int c = next();
      if (c == '-' && rangeStart != NOTHING && peek(0) != NOTHING && peek(0) != ']') {
        int from = rangeStart;
        int to = escaped(next());
        accepts = accepts.or(t -> isBetween(t, from, to));
        rangeStart = NOTHING;
      } else if (c == '[' && nameLength() >= 0) {
        Optional<IntPredicate> named = named(nameLength());
        if (named.isEmpty()) {
          return GlobReader::nothing;
        }
        accepts = accepts.or(named.get());
        rangeStart = NOTHING;
      } else {
        int literal = escaped(c);
        accepts = accepts.or(t -> t == literal);
        rangeStart = literal;
      }
      if (!hasNext()) {
        // It is not closed.
        return GlobReader::nothing;
      }
    }
    position++;
    return negated ? accepts.negate() : accepts;
  }

  private int escaped(int c) {
    return c == '\\' ? next() : c;
  }

  /** How long the name in what may be {@code [:name:]} is, of which the first bracket is read. */
  private int nameLength() {
    int end = 1;
    while (peek(end) != ']' && peek(end) != NOTHING) {
      end++;
    }
    return peek(0) == ':' && peek(end) == ']' && peek(end - 1) == ':' ? end - 2 : NOTHING;
  }

  private Optional<IntPredicate> named(int length) {
    String name = new String(pattern, position + 1, length);
    position += 1 + length + 2;
    return Optional.ofNullable(CLASSES.get(name));
  }

  private static boolean nothing(int c) {
    return false;
  }

  private static boolean isAlpha(int c) {
    return isBetween(c, 'a', 'z') || isBetween(c, 'A', 'Z');
  }

  private static boolean isDigit(int c) {
    return isBetween(c, '0', '9');
  }

  private static boolean isGraph(int c) {
    return isBetween(c, ' ' + 1, '~');
  }

  private static boolean isBetween(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
