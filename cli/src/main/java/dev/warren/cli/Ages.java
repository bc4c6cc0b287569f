package dev.warren.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times for people. */
final class Ages {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Ages() {}

  /** How long ago it was, or how long it is to it. */
  static String between(Instant one, Instant other) {
    Duration time = Duration.between(one, other).abs();
    if (time.toSeconds() < 100) {
      return time.toSeconds() + " s";
    }
    if (time.toMinutes() < 100) {
      return time.toMinutes() + " min";
    }
    long hours = time.plusMinutes(30).toHours();
    return hours < 48 ? hours + " h" : time.plusHours(12).toDays() + " d";
  }

  /** When it was by the clock on the wall. */
  static String local(Instant at) {
    return LOCAL.format(at.atZone(ZoneId.systemDefault()));
  }
}
