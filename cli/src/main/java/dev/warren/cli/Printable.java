package dev.warren.cli;

import java.util.regex.Pattern;

/** Text from others, in a form that cannot steer a terminal or pretend to be something else. */
final class Printable {
  /** Controls, invisible characters that turn the direction of text among them, and separators. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  static String of(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
