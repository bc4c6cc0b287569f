package dev.warren.interop;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** How each case went with each peer over one transport. */
final class Results {
  private record Key(InteropCase row, Column column) {}

  private final Transport transport;
  private final List<InteropCase> rows;
  private final List<Column> columns;
  private final Map<Key, Outcome> outcomes = new HashMap<>();
  private final Map<Implementation, String> versions = new EnumMap<>(Implementation.class);

  Results(Transport transport, List<InteropCase> rows, List<Column> columns) {
    this.transport = transport;
    this.rows = rows;
    this.columns = columns;
  }

  void add(InteropCase row, Column column, Outcome outcome) {
    outcomes.put(new Key(row, column), outcome);
  }

  /** Notes the version of a peer that took part. */
  void met(PeerProcess peer) {
    versions.put(peer.implementation(), peer.version());
  }

  Transport transport() {
    return transport;
  }

  List<InteropCase> rows() {
    return rows;
  }

  List<Column> columns() {
    return columns;
  }

  Map<Implementation, String> versions() {
    return versions;
  }

  Outcome outcome(InteropCase row, Column column) {
    return outcomes.getOrDefault(
        new Key(row, column), new Outcome.Failed(Duration.ZERO, "it was not run"));
  }

  /** Whether something was proven and nothing disproven. */
  static boolean good(List<Results> all) {
    return count(all, Outcome.Passed.class) > 0 && count(all, Outcome.Failed.class) == 0;
  }

  private long count(Class<? extends Outcome> kind) {
    return rows.stream()
        .flatMap(row -> columns.stream().map(column -> outcome(row, column)))
        .filter(kind::isInstance)
        .count();
  }

  static String summary(List<Results> all) {
    return "%d passed, %d failed, %d exempt"
        .formatted(
            count(all, Outcome.Passed.class),
            count(all, Outcome.Failed.class),
            count(all, Outcome.Exempt.class));
  }

  private static long count(List<Results> all, Class<? extends Outcome> kind) {
    return all.stream().mapToLong(results -> results.count(kind)).sum();
  }

  /** A mark and the seconds. */
  static String cell(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed(var took) -> "✓ " + seconds(took.toMillis());
      case Outcome.Failed(var took, _) -> "✗ " + seconds(took.toMillis());
      case Outcome.Exempt _ -> "–";
    };
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  /** The table for a terminal. */
  String table() {
    int first = width(rows, InteropCase::title);
    var text = new StringBuilder(" ".repeat(first));
    columns.forEach(column -> text.append("  ").append(pad(column.label(), width(column))));
    text.append('\n');
    for (InteropCase row : rows) {
      text.append(pad(row.title(), first));
      for (Column column : columns) {
        text.append("  ").append(pad(cell(outcome(row, column)), width(column)));
      }
      text.append('\n');
    }
    return text.toString().lines().map(String::stripTrailing).reduce("", (a, b) -> a + b + "\n");
  }

  private int width(Column column) {
    return Math.max(column.label().length(), width(rows, row -> cell(outcome(row, column))));
  }

  private static int width(List<InteropCase> rows, Function<InteropCase, String> text) {
    return rows.stream().map(text).mapToInt(String::length).max().orElse(0);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /** What failed and why, or nothing. */
  String failures() {
    var text = new StringBuilder();
    for (Column column : columns) {
      for (InteropCase row : rows) {
        if (outcome(row, column) instanceof Outcome.Failed(_, String why)) {
          text.append(
                  "\n✗ %s, %s (--transport %s --case %s)%n"
                      .formatted(column.label(), row.title(), transport.label(), row.name()))
              .append(why.indent(2));
        }
      }
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }
}
