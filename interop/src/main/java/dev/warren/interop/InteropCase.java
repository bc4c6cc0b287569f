package dev.warren.interop;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One thing that two peers must be able to do with each other: a row of the table.
 *
 * @param name what the option {@code --case} takes
 * @param title what the table says
 * @param ourOptions the options that our peer is started with
 * @param theirOptions the options that the other peer is started with
 * @param dialerOptions the options that whoever makes the connection is started with as well
 * @param listenerOptions the same of the other one
 * @param transports what it is tried over
 * @param exempt columns in which there is nothing to try, and why
 */
record InteropCase(
    String name,
    String title,
    List<String> ourOptions,
    List<String> theirOptions,
    List<String> dialerOptions,
    List<String> listenerOptions,
    Set<Transport> transports,
    Map<Column, String> exempt,
    Body body) {

  @FunctionalInterface
  interface Body {
    void run(Meeting meeting) throws PeerException;
  }

  static InteropCase of(String name, String title, Body body) {
    return new InteropCase(
        name,
        title,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        EnumSet.allOf(Transport.class),
        Map.of(),
        body);
  }

  InteropCase withUs(String... options) {
    return with(List.of(options), theirOptions, dialerOptions, listenerOptions);
  }

  InteropCase withThem(String... options) {
    return with(ourOptions, List.of(options), dialerOptions, listenerOptions);
  }

  InteropCase withDialer(String... options) {
    return with(ourOptions, theirOptions, List.of(options), listenerOptions);
  }

  InteropCase withListener(String... options) {
    return with(ourOptions, theirOptions, dialerOptions, List.of(options));
  }

  private InteropCase with(
      List<String> ours, List<String> theirs, List<String> dialers, List<String> listeners) {
    return new InteropCase(name, title, ours, theirs, dialers, listeners, transports, exempt, body);
  }

  InteropCase over(Transport transport) {
    return new InteropCase(
        name,
        title,
        ourOptions,
        theirOptions,
        dialerOptions,
        listenerOptions,
        Set.of(transport),
        exempt,
        body);
  }

  InteropCase without(Implementation implementation, String why) {
    InteropCase some = this;
    for (Column column : Column.of(Set.of(implementation))) {
      some = some.without(column, why);
    }
    return some;
  }

  InteropCase without(Column column, String why) {
    var all = new HashMap<>(exempt);
    all.put(column, why);
    return new InteropCase(
        name,
        title,
        ourOptions,
        theirOptions,
        dialerOptions,
        listenerOptions,
        transports,
        all,
        body);
  }

  List<String> ourOptions(Direction direction) {
    return join(ourOptions, direction == Direction.WE_DIAL ? dialerOptions : listenerOptions);
  }

  List<String> theirOptions(Direction direction) {
    return join(theirOptions, direction == Direction.WE_DIAL ? listenerOptions : dialerOptions);
  }

  private static List<String> join(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}
