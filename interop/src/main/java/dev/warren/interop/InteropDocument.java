package dev.warren.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A part of docs/interop.md that the suite writes: what was met over a transport, and how it went.
 */
final class InteropDocument {
  private final Results results;

  InteropDocument(Results results) {
    this.results = results;
  }

  /** Replaces what is between the marks. */
  void write(Path document) throws IOException {
    String text = Files.readString(document);
    String beginMark = mark("begin");
    String endMark = mark("end");
    int begin = text.indexOf(beginMark);
    int end = text.indexOf(endMark);
    if (begin < 0 || end < begin) {
      throw new IOException(document + " has no lines " + beginMark + " and " + endMark);
    }
    Files.writeString(
        document,
        text.substring(0, begin + beginMark.length()) + "\n" + section() + text.substring(end));
  }

  private String mark(String which) {
    return "<!-- " + results.transport().label() + ": " + which + " -->";
  }

  /** Without times, which would differ with every run and machine. */
  private String section() {
    Map<String, Integer> notes = new LinkedHashMap<>();
    var table = new StringBuilder("| |");
    results.columns().forEach(column -> table.append(' ').append(column.label()).append(" |"));
    table.append("\n|---|").append("---|".repeat(results.columns().size())).append('\n');
    for (InteropCase row : results.rows()) {
      table.append("| ").append(row.title()).append(" |");
      for (Column column : results.columns()) {
        table.append(' ').append(mark(results.outcome(row, column), notes)).append(" |");
      }
      table.append('\n');
    }
    var text = new StringBuilder("Met: ").append(versions()).append(".\n\n").append(table);
    if (!notes.isEmpty()) {
      text.append('\n');
      notes.forEach((note, number) -> text.append(number).append(". ").append(note).append(".\n"));
    }
    return text.append('\n').append(Results.summary(List.of(results))).append(".\n").toString();
  }

  private String versions() {
    return results.versions().entrySet().stream()
        .filter(met -> met.getKey() != Implementation.WARREN)
        .map(met -> met.getKey().label() + "-libp2p " + met.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String mark(Outcome outcome, Map<String, Integer> notes) {
    return switch (outcome) {
      case Outcome.Passed _ -> "✓";
      case Outcome.Failed _ -> "✗";
      case Outcome.Exempt(String why) ->
          "–<sup>" + notes.computeIfAbsent(why, _ -> notes.size() + 1) + "</sup>";
    };
  }
}
