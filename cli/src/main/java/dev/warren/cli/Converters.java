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
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m)?");

  private Converters() {}

  static void registerIn(CommandLine commands) {
    commands
        .registerConverter(Multiaddr.class, Converters::multiaddr)
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
          "'" + text + "' is no time; give seconds, or a unit as in 500ms, 2s or 1m");
    }
    String unit = matcher.group(2);
    long nanosOfUnit =
        switch (unit == null ? "s" : unit) {
          case "ms" -> 1_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 1_000_000_000L;
        };
    return Duration.ofNanos(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanosOfUnit)).longValue());
  }

  static ByteSize byteSize(String text) {
    try {
      return ByteSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
