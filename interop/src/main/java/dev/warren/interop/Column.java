package dev.warren.interop;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** With whom we meet and who dials: a column of the table. */
record Column(Implementation theirs, Direction direction) {

  /** Both directions with each; one is enough where both ends are ours. */
  static List<Column> of(Set<Implementation> implementations) {
    return Stream.of(Implementation.values())
        .filter(implementations::contains)
        .flatMap(
            theirs ->
                Stream.of(Direction.values())
                    .filter(
                        direction ->
                            theirs != Implementation.WARREN || direction == Direction.WE_DIAL)
                    .map(direction -> new Column(theirs, direction)))
        .toList();
  }

  String label() {
    return theirs == Implementation.WARREN ? "warren" : theirs.label() + ", " + direction.label();
  }
}
