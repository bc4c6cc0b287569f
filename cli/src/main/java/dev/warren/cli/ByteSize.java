package dev.warren.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 1GiB}, {@code 500MB}, {@code 4096}.
 *
 * @param bytes how many
 */
record ByteSize(long bytes) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d{1,18}(?:\\.\\d{1,9})?)\\s*(?:([kmgt])(i?b?)|b)?", Pattern.CASE_INSENSITIVE);

  /** One EiB; more than anybody moves, and sums of it do not overflow. */
  private static final BigDecimal MAX_BYTES = BigDecimal.valueOf(1L << 60);

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  /** Reads a size; a bare {@code K}, {@code M}, {@code G} or {@code T} means the power of two. */
  static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size; give bytes, or a unit as in 64KiB, 500MB or 1GiB");
    }
    BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(unit(matcher));
    if (bytes.compareTo(MAX_BYTES) > 0) {
      throw new IllegalArgumentException("'" + text + "' is more than 1 EiB");
    }
    return new ByteSize(bytes.longValue());
  }

  private static BigDecimal unit(Matcher matcher) {
    String prefix = matcher.group(2);
    if (prefix == null) {
      return BigDecimal.ONE;
    }
    int power = "kmgt".indexOf(prefix.toLowerCase(Locale.ROOT)) + 1;
    int base = matcher.group(3).equalsIgnoreCase("b") ? 1000 : 1024;
    return BigDecimal.valueOf(base).pow(power);
  }

  /** The size in the largest unit that leaves a whole part. */
  static String format(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  @Override
  public String toString() {
    return format(bytes);
  }
}
