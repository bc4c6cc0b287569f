package dev.warren.node.share;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * One line of ignore rules, with the meaning of gitignore(5).
 *
 * @param line as it was written
 * @param negated whether what matches is to be kept
 * @param directoriesOnly whether it is for directories and nothing else
 * @param anywhere whether it is for names in every directory below, and not for whole paths
 * @param text is told the name or the path, from where the rule stands
 */
record IgnorePattern(
    String line,
    boolean negated,
    boolean directoriesOnly,
    boolean anywhere,
    Predicate<String> text) {

  private static final String WILDCARDS = "*?[\\";

  /** Reads a line of a file, which may say nothing. */
  static Optional<IgnorePattern> parseLine(String line) {
    String pattern = withoutTrailingSpaces(line);
    return pattern.isEmpty() || pattern.startsWith("#")
        ? Optional.empty()
        : Optional.of(parse(pattern));
  }

  static IgnorePattern parse(String pattern) {
    boolean negated = pattern.startsWith("!");
    String rest = negated ? pattern.substring(1) : pattern;
    boolean directoriesOnly = rest.endsWith("/");
    if (directoriesOnly) {
      rest = rest.substring(0, rest.length() - 1);
    }
    boolean anywhere = rest.indexOf('/') < 0;
    return new IgnorePattern(
        pattern,
        negated,
        directoriesOnly,
        anywhere,
        matcher(rest.startsWith("/") ? rest.substring(1) : rest));
  }

  /**
   * What is before the first wildcard is compared at once; most patterns are nothing else, or one
   * star and an ending. As in git, what follows is a pattern of its own, so two stars after a
   * beginning that is no whole name still stand for directories.
   */
  private static Predicate<String> matcher(String pattern) {
    int wildcard = firstWildcard(pattern);
    if (wildcard == pattern.length()) {
      return pattern::equals;
    }
    String start = pattern.substring(0, wildcard);
    String rest = pattern.substring(wildcard);
    if (rest.startsWith("*") && firstWildcard(rest.substring(1)) == rest.length() - 1) {
      String end = rest.substring(1);
      if (end.indexOf('/') < 0) {
        return text -> startsAndEnds(text, start, end);
      }
    }
    Glob glob = Glob.parse(rest);
    return text -> text.startsWith(start) && glob.matches(text.substring(start.length()));
  }

  /** What one star is between is no directory. */
  private static boolean startsAndEnds(String text, String start, String end) {
    return text.length() >= start.length() + end.length()
        && text.startsWith(start)
        && text.endsWith(end)
        && text.indexOf('/', start.length()) < 0;
  }

  private static int firstWildcard(String pattern) {
    int at = 0;
    while (at < pattern.length() && WILDCARDS.indexOf(pattern.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** Spaces at the end are dropped, unless a backslash is before them. */
  private static String withoutTrailingSpaces(String line) {
    int kept = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
      }
      if (c != ' ') {
        kept = Math.min(i + 1, line.length());
      }
    }
    return line.substring(0, kept);
  }
}
