package dev.warren.interop;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets our peer meet those of the other implementations, and tells how it went. */
public final class InteropSuite {
  private final List<InteropCase> cases;
  private final Results results;
  private final PrintStream out;

  private InteropSuite(SuiteOptions options, Transport transport, PrintStream out) {
    this.cases =
        InteropCases.all(options.quick() ? Sizes.QUICK : Sizes.FULL).stream()
            .filter(it -> it.transports().contains(transport))
            .filter(it -> options.cases().isEmpty() || options.cases().contains(it.name()))
            .toList();
    this.results = new Results(transport, cases, Column.of(options.implementations()));
    this.out = out;
  }

  /**
   * Exits with 0 when everything passed, 1 when something failed or nothing ran, 2 for wrong usage.
   */
  public static void main(String[] arguments) throws IOException {
    SuiteOptions options;
    try {
      options = SuiteOptions.parse(List.of(arguments), names(InteropCases.all(Sizes.FULL)));
    } catch (IllegalArgumentException e) {
      System.err.println("interop: " + e.getMessage());
      System.err.print(SuiteOptions.USAGE);
      System.exit(2);
      return;
    }
    var all = new ArrayList<Results>();
    for (Transport transport : options.transports()) {
      Results results = new InteropSuite(options, transport, System.out).run();
      System.out.println();
      System.out.print(results.table());
      System.out.print(results.failures());
      if (options.document().isPresent()) {
        new InteropDocument(results).write(options.document().get());
      }
      all.add(results);
    }
    System.out.println(Results.summary(all));
    System.exit(Results.good(all) ? 0 : 1);
  }

  private static Set<String> names(List<InteropCase> cases) {
    return cases.stream()
        .map(InteropCase::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Results run() {
    if (!cases.isEmpty()) {
      results.columns().forEach(this::run);
    }
    return results;
  }

  private void run(Column column) {
    try (var room = new MeetingRoom(results.transport(), column)) {
      for (InteropCase each : cases) {
        Outcome outcome =
            Optional.ofNullable(each.exempt().get(column))
                .<Outcome>map(Outcome.Exempt::new)
                .orElseGet(() -> run(each, room));
        results.add(each, column, outcome);
        out.printf(
            "%-5s %-16s %-22s %s%n",
            results.transport().label(), column.label(), each.name(), Results.cell(outcome));
      }
    }
  }

  private Outcome run(InteropCase each, MeetingRoom room) {
    long start = System.nanoTime();
    try {
      Meeting meeting = room.meeting(each);
      results.met(meeting.theirs());
      each.body().run(meeting);
      return new Outcome.Passed(Duration.ofNanos(System.nanoTime() - start));
    } catch (PeerException | RuntimeException e) {
      room.clear();
      return new Outcome.Failed(
          Duration.ofNanos(System.nanoTime() - start),
          e instanceof PeerException ? String.valueOf(e.getMessage()) : e.toString());
    }
  }
}
