package dev.warren.cli;

import java.lang.Character.UnicodeScript;

/** How many columns of a terminal a text takes: what CJK writes takes two, combining marks none. */
final class TextWidth {
  private static final String ELLIPSIS = "…";

  private TextWidth() {}

  static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  /** The beginning of a text that is too wide. */
  static String head(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    int end = 0;
    int used = 1;
    while (used + of(text.codePointAt(end)) <= columns) {
      used += of(text.codePointAt(end));
      end = text.offsetByCodePoints(end, 1);
    }
    return text.substring(0, end) + ELLIPSIS;
  }

  /** The end of a text that is too wide. */
  static String tail(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    int start = text.length();
    int used = 1;
    while (used + of(text.codePointBefore(start)) <= columns) {
      used += of(text.codePointBefore(start));
      start = text.offsetByCodePoints(start, -1);
    }
    return ELLIPSIS + text.substring(start);
  }

  private static int of(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    if (codePoint < 0x1100) {
      return false;
    }
    if (codePoint >= 0xff00 && codePoint <= 0xffef) {
      return codePoint <= 0xff60 || (codePoint >= 0xffe0 && codePoint <= 0xffe6);
    }
    return switch (UnicodeScript.of(codePoint)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> true;
      default -> Character.isEmojiPresentation(codePoint);
    };
  }
}
