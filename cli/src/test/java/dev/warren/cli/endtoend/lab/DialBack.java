package dev.warren.cli.endtoend.lab;

import dev.warren.interop.Implementation;
import dev.warren.interop.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Somebody in a home asks a server of AutoNAT whether it can be dialed. */
record DialBack(HomeKind home, Transport transport, Implementation client, Implementation server) {
  /**
   * What it was told.
   *
   * @param first by version 1 of the protocol
   * @param second by version 2
   */
  record Result(DialBack question, String first, String second) {
    /** It was told nothing. */
    static Result failed(DialBack question) {
      return new Result(question, "✗", "✗");
    }

    /** Whether it is what the router lets in. */
    boolean isGood() {
      String right = question.home.tcp().equals(Behaviour.REACHABLE) ? "reached" : "unreached";
      return first.equals(right) && second.equals(right);
    }

    @Override
    public String toString() {
      return "%s: v1 %s, v2 %s".formatted(question, first, second);
    }
  }

  static List<DialBack> all() {
    return Stream.of(HomeKind.OPEN, HomeKind.PORT_RESTRICTED)
        .flatMap(
            home ->
                Arrays.stream(Transport.values())
                    .flatMap(
                        transport ->
                            Stream.of(
                                new DialBack(
                                    home, transport, Implementation.WARREN, Implementation.GO),
                                new DialBack(
                                    home, transport, Implementation.GO, Implementation.WARREN))))
        .toList();
  }

  @Override
  public String toString() {
    return "%s, %s, %s asks %s".formatted(home.label(), transport, client.label(), server.label());
  }
}
