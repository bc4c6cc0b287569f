package dev.warren.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody may have meant who mistyped a word. */
final class Similar {
  private static final int MAX_SHOWN = 2;

  private Similar() {}

  /** The known words that are nearest, if they are near enough to have been meant. */
  static List<String> to(String word, Collection<String> known) {
    int near = Math.max(1, word.length() / 3 + 1);
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= near)
        .sorted(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .limit(MAX_SHOWN)
        .toList();
  }

  /** Asks whether one of the nearest was meant; nothing if none is near. */
  static String question(String word, Collection<String> known) {
    List<String> similar = to(word, known);
    return similar.isEmpty() ? "" : "Did you mean '" + String.join("' or '", similar) + "'? ";
  }

  /**
   * How many slips of a finger lie between two words: a letter too many, too few or wrong, or two
   * in the wrong order.
   */
  static int distance(String a, String b) {
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        slips[i][j] = i == 0 ? j : j == 0 ? i : fewest(slips, a, b, i, j);
      }
    }
    return slips[a.length()][b.length()];
  }

  private static int fewest(int[][] slips, String a, String b, int i, int j) {
    int wrong = slips[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int fewest = Math.min(wrong, 1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(fewest, 1 + slips[i - 2][j - 2]) : fewest;
  }
}
