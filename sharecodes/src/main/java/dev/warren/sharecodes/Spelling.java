package dev.warren.sharecodes;

/**
 * How far a typed word is from a right one: the Damerau-Levenshtein distance (in its form that
 * touches each stretch once), weighted by how easily each slip happens.
 */
final class Spelling {
  /** A letter too many, one too few, or two neighbours swapped. */
  static final int SLIP = 2;

  /** One letter for another; people leave out and swap more often than that. */
  static final int REPLACED = 3;

  /** What a different first letter costs beside: the first is seldom mistyped. */
  static final int FIRST_LETTER = 2;

  private Spelling() {}

  static int cost(String typed, String right) {
    int[] beforeLast = new int[right.length() + 1];
    int[] last = new int[right.length() + 1];
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j * SLIP;
    }
    for (int i = 1; i <= typed.length(); i++) {
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
      row[0] = i * SLIP;
      for (int j = 1; j <= right.length(); j++) {
        boolean same = typed.charAt(i - 1) == right.charAt(j - 1);
        int best = last[j - 1] + (same ? 0 : REPLACED);
        best = Math.min(best, SLIP + Math.min(last[j], row[j - 1]));
        if (i > 1 && j > 1 && isSwap(typed, i, right, j)) {
          best = Math.min(best, beforeLast[j - 2] + SLIP);
        }
        row[j] = best;
      }
    }
    return row[right.length()];
  }

  private static boolean isSwap(String typed, int i, String right, int j) {
    return typed.charAt(i - 1) == right.charAt(j - 2) && typed.charAt(i - 2) == right.charAt(j - 1);
  }
}
