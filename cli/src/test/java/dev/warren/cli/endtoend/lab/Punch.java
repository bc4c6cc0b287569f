package dev.warren.cli.endtoend.lab;

import dev.warren.interop.Implementation;
import dev.warren.interop.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two peers behind routers, of which one has a place at a relay and the other dials it there; then
 * they punch holes to each other. One of the two is ours.
 */
record Punch(
    Transport transport, Implementation relay, Implementation dialer, Implementation reached) {
  /** Of those that punch holes. */
  private static final List<Implementation> PUNCHING =
      List.of(Implementation.WARREN, Implementation.GO, Implementation.RUST);

  /**
   * How it went.
   *
   * @param direct how long after the circuit both had a direct connection; empty if they had none
   */
  record Result(Punch punch, Optional<Duration> direct) {
    @Override
    public String toString() {
      return punch + ": " + text();
    }

    /** As the table has it. */
    String text() {
      return direct.map(it -> "direct, %.1f s".formatted(it.toMillis() / 1e3)).orElse("relayed");
    }
  }

  static List<Punch> all() {
    return Stream.of(Transport.values())
        .flatMap(
            transport ->
                pairs()
                    .flatMap(
                        pair ->
                            PUNCHING.stream()
                                .map(
                                    relay ->
                                        new Punch(
                                            transport, relay, pair.getFirst(), pair.getLast()))))
        .toList();
  }

  /** Each with ours, in both roles. */
  private static Stream<List<Implementation>> pairs() {
    return PUNCHING.stream()
        .flatMap(
            theirs ->
                Stream.of(
                    List.of(Implementation.WARREN, theirs), List.of(theirs, Implementation.WARREN)))
        .distinct();
  }

  /** The two, without what is between them. */
  String pair() {
    return dialer.label() + " → " + reached.label();
  }

  @Override
  public String toString() {
    return "%s by %s's relay, %s".formatted(pair(), relay.label(), transport);
  }
}
