package dev.warren.interop;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The options of the suite.
 *
 * @param implementations whom to meet
 * @param transports what to meet over
 * @param cases the names of the cases to run; all of them when empty
 * @param quick whether to move less
 * @param document the file to write the table into
 */
record SuiteOptions(
    Set<Implementation> implementations,
    Set<Transport> transports,
    Set<String> cases,
    boolean quick,
    Optional<Path> document) {

  static final String USAGE =
      """
      usage: scripts/interop [--only warren|go|rust|js]... [--transport tcp|quic]... [--case NAME]...
                             [--quick] [--write FILE]

        --only       meets this implementation; may be given more than once
        --transport  meets over this transport; may be given more than once
        --case       runs this case; may be given more than once
        --quick      moves less
        --write      writes the tables into a document, which must be of everything
      """;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static SuiteOptions parse(List<String> arguments, Set<String> knownCases) {
    var implementations = EnumSet.noneOf(Implementation.class);
    var transports = EnumSet.noneOf(Transport.class);
    var cases = new HashSet<String>();
    boolean quick = false;
    Optional<Path> document = Optional.empty();
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--quick" -> quick = true;
        case "--only" ->
            implementations.add(
                constant(Implementation.class, "implementation", value(option, rest)));
        case "--transport" ->
            transports.add(constant(Transport.class, "transport", value(option, rest)));
        case "--case" -> {
          String name = value(option, rest);
          if (!knownCases.contains(name)) {
            throw new IllegalArgumentException(
                "there is no case " + name + "; there are " + String.join(", ", knownCases));
          }
          cases.add(name);
        }
        case "--write" -> document = Optional.of(Path.of(value(option, rest)));
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    boolean everything =
        !quick && cases.isEmpty() && implementations.isEmpty() && transports.isEmpty();
    if (document.isPresent() && !everything) {
      throw new IllegalArgumentException("--write needs a run of everything");
    }
    return new SuiteOptions(
        implementations.isEmpty() ? EnumSet.allOf(Implementation.class) : implementations,
        transports.isEmpty() ? EnumSet.allOf(Transport.class) : transports,
        cases,
        quick,
        document);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String what, String label) {
    try {
      return Enum.valueOf(type, label.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("there is no " + what + " " + label, e);
    }
  }
}
