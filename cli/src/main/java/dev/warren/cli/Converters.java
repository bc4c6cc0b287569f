package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads what people type as values, and says what is wrong with what is none. */
final class Converters {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h|d)?");

  private Converters() {}

  static void registerIn(CommandLine commands) {
    commands
        .registerConverter(Multiaddr.class, Converters::multiaddr)
        .registerConverter(ContentKey.class, ContentKey::parse)
        .registerConverter(Duration.class, Converters::duration)
        .registerConverter(ByteSize.class, Converters::byteSize);
  }

  static Multiaddr multiaddr(String text) {
    try {
      Multiaddr address = Multiaddr.parse(text);
      address.peer().ifPresent(PeerId::parse);
      return address;
    } catch (MalformedException e) {
      throw new TypeConversionException("'" + text + "' is no multiaddr: " + e.getMessage());
    }
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no time; give seconds, or a unit as in 500ms, 2s, 1m, 2h or 7d");
    }
    String unit = matcher.group(2);
    long nanosOfUnit =
        switch (unit == null ? "s" : unit) {
          case "ms" -> 1_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> 1_000_000_000L;
        };
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanosOfUnit));
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new TypeConversionException("'" + text + "' is too long a time");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  static ByteSize byteSize(String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
