package dev.warren.interop;

import java.util.List;
import java.util.Map;

/**
 * One thing that two peers must be able to do with each other: a row of the table.
 *
 * @param name what the option {@code --case} takes
 * @param title what the table says
 * @param ourOptions the options that our peer is started with
 * @param theirOptions the options that the other peer is started with
 * @param exempt implementations that cannot take part, and why
 */
record InteropCase(
    String name,
    String title,
    List<String> ourOptions,
    List<String> theirOptions,
    Map<Implementation, String> exempt,
    Body body) {

  @FunctionalInterface
  interface Body {
    void run(Meeting meeting) throws PeerException;
  }

  static InteropCase of(String name, String title, Body body) {
    return new InteropCase(name, title, List.of(), List.of(), Map.of(), body);
  }

  InteropCase withUs(String... options) {
    return new InteropCase(name, title, List.of(options), theirOptions, exempt, body);
  }

  InteropCase withThem(String... options) {
    return new InteropCase(name, title, ourOptions, List.of(options), exempt, body);
  }

  InteropCase without(Implementation implementation, String why) {
    return new InteropCase(
        name, title, ourOptions, theirOptions, Map.of(implementation, why), body);
  }
}
