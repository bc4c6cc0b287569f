package dev.warren.libp2p.multiformats;

import java.util.Arrays;
import java.util.Locale;

/** The digits of a base, in the order of their values. */
final class Alphabet {
  private static final byte NONE = -1;

  private final char[] digits;
  private final byte[] values = new byte[128];

  private Alphabet(String digits) {
    this.digits = digits.toCharArray();
    Arrays.fill(values, NONE);
    assign(digits);
  }

  static Alphabet of(String digits) {
    return new Alphabet(digits);
  }

  /** Writes with the given digits and reads those of the other case as well. */
  static Alphabet anyCase(String digits) {
    Alphabet alphabet = new Alphabet(digits);
    alphabet.assign(digits.toLowerCase(Locale.ROOT));
    alphabet.assign(digits.toUpperCase(Locale.ROOT));
    return alphabet;
  }

  private void assign(String spelling) {
    for (int value = 0; value < spelling.length(); value++) {
      values[spelling.charAt(value)] = (byte) value;
    }
  }

  int size() {
    return digits.length;
  }

  char digit(int value) {
    return digits[value];
  }

  int valueAt(String text, int index) {
    char c = text.charAt(index);
    if (c >= values.length || values[c] == NONE) {
      throw new MalformedException(
          "character U+%04X at %d is no digit of this base".formatted((int) c, index));
    }
    return values[c];
  }
}
