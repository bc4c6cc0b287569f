package dev.warren.cli.endtoend.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What came out, as docs/nat-matrix.md has it. */
final class MatrixReport {
  /** No pair is to wait longer. */
  private static final Duration SLOW = Duration.ofSeconds(5);

  private final StringBuilder routers = new StringBuilder();

  /** Pairs may be added by many threads; all else is done when they are. */
  private final List<Pair.Result> results = Collections.synchronizedList(new ArrayList<>());

  void add(HomeKind kind, Optional<Behaviour> udp, Optional<Behaviour> tcp) {
    routers.append(
        "| %s | %s | %s | %s |%n"
            .formatted(kind.label(), kind.description(), Behaviour.text(udp), Behaviour.text(tcp)));
  }

  void add(Pair.Result result) {
    results.add(result);
  }

  boolean isGood() {
    return results.stream().allMatch(Pair.Result::isGood);
  }

  String summary() {
    return """
        %d of %d pairs received, %d of them directly, of which %d over QUIC; directly is possible for %d.
        Until the first byte: %s. Until the content came directly: %s after the first connection.
        Not as is possible: %s. More than %d s until the first byte: %s.\
        """
        .formatted(
            count(it -> it.route() != Pair.Route.NONE),
            results.size(),
            count(it -> it.route().isDirect()),
            count(it -> it.route() == Pair.Route.QUIC),
            count(it -> it.pair().canMeet()),
            times(Pair.Result::firstByte),
            times(Pair.Result::directAfter),
            names(it -> !it.isGood()),
            SLOW.toSeconds(),
            names(it -> it.firstByte().filter(time -> time.compareTo(SLOW) <= 0).isEmpty()));
  }

  private long count(Predicate<Pair.Result> which) {
    return results.stream().filter(which).count();
  }

  private String names(Predicate<Pair.Result> which) {
    String names =
        results.stream()
            .filter(which)
            .map(it -> it.pair().toString())
            .collect(Collectors.joining("; "));
    return names.isEmpty() ? "none" : names;
  }

  private String times(Function<Pair.Result, Optional<Duration>> which) {
    List<Duration> sorted = results.stream().map(which).flatMap(Optional::stream).sorted().toList();
    return sorted.isEmpty()
        ? "–"
        : "median %s, at most %s"
            .formatted(
                Pair.text(Optional.of(sorted.get(sorted.size() / 2))),
                Pair.text(Optional.of(sorted.getLast())));
  }

  /** Puts it in its place; what has not been measured stays as it is. */
  void write(Path page) throws IOException {
    if (!routers.isEmpty()) {
      new MarkedSection(page, "routers")
          .write("| | what it is | UDP | TCP |\n|---|---|---|---|\n" + routers);
    }
    if (!results.isEmpty()) {
      new MarkedSection(page, "pairs").write(summary() + "\n\n" + matrix() + "\n" + list());
    }
  }

  /** Who shares is in the row, and who receives in the column. */
  private String matrix() {
    List<HomeKind> kinds = Arrays.asList(HomeKind.values());
    var table = new StringBuilder("| |");
    kinds.forEach(kind -> table.append(' ').append(kind.label()).append(" |"));
    table.append("\n|---|").append("---|".repeat(kinds.size())).append('\n');
    for (HomeKind sharer : kinds) {
      table.append("| ").append(sharer.label()).append(" |");
      for (HomeKind receiver : kinds) {
        Pair pair = Pair.apart(sharer, receiver);
        String cell =
            results.stream()
                .filter(result -> result.pair().equals(pair))
                .map(result -> result.route() + (result.isGood() ? "" : " (!)"))
                .findFirst()
                .orElse("");
        table.append(' ').append(cell).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private String list() {
    var table =
        new StringBuilder(
            """
            | pair | how | connected | first byte | direct, after that |
            |---|---|--:|--:|--:|
            """);
    for (Pair.Result result : results) {
      table.append(
          "| %s | %s | %s | %s | %s |%n"
              .formatted(
                  result.pair(),
                  result.route() + (result.isGood() ? "" : " (!)"),
                  Pair.text(result.connected()),
                  Pair.text(result.firstByte()),
                  Pair.text(result.directAfter())));
    }
    return table.toString();
  }
}
