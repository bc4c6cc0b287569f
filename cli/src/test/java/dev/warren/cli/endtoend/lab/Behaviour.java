package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.lab.Router.Filtering;
import dev.warren.cli.endtoend.lab.Router.Mapping;
import java.util.Optional;

/** How a home looks from the internet, for one transport. */
record Behaviour(Mapping mapping, Filtering filtering) {
  static final Behaviour REACHABLE = new Behaviour(Mapping.NONE, Filtering.ENDPOINT_INDEPENDENT);

  /** That of two routers, one behind the other: what either does, both do. */
  Behaviour behind(Behaviour other) {
    return new Behaviour(
        mapping.compareTo(other.mapping) > 0 ? mapping : other.mapping,
        filtering.compareTo(other.filtering) > 0 ? filtering : other.filtering);
  }

  /**
   * Whether two can meet by sending to where a third has seen the other. A port that is mapped for
   * that third alone is no use to anybody else, so its owner has to be let in from any other.
   */
  boolean meets(Behaviour other) {
    return admits(other) && other.admits(this) && (predictable() || other.predictable());
  }

  private boolean admits(Behaviour other) {
    return other.predictable() || filtering != Filtering.ADDRESS_AND_PORT_DEPENDENT;
  }

  private boolean predictable() {
    return mapping != Mapping.ADDRESS_AND_PORT_DEPENDENT;
  }

  @Override
  public String toString() {
    return mapping.label() + " / " + filtering.label();
  }

  static String text(Optional<Behaviour> behaviour) {
    return behaviour.map(Behaviour::toString).orElse("blocked");
  }

  static String text(Optional<Behaviour> udp, Optional<Behaviour> tcp) {
    return "UDP %s, TCP %s".formatted(text(udp), text(tcp));
  }
}
