package dev.warren.cli;

import dev.warren.node.Diagnosis;
import dev.warren.node.Diagnosis.Finding;
import dev.warren.node.Node;
import java.util.Locale;

/** What is wrong with the network, where that may be why something does not work. */
final class NetworkProblems {
  private NetworkProblems() {}

  /** Tells of the problems that there are at present, if any. */
  static void tell(Session session, Node node) {
    Console console = session.console();
    for (Finding problem :
        Diagnosis.of(node.connectivity(), session.clock().instant()).problems()) {
      console.note(
          "%s: %s. %s"
              .formatted(
                  problem.topic().title(), problem.text(), problem.advice().orElse("").strip()));
      console.sayToPrograms(() -> object(problem));
    }
  }

  static JsonObject object(Finding finding) {
    JsonObject object =
        JsonObject.event("finding")
            .with("topic", finding.topic().name().toLowerCase(Locale.ROOT))
            .with("grade", finding.grade().name().toLowerCase(Locale.ROOT))
            .with("text", finding.text());
    finding.advice().ifPresent(advice -> object.with("advice", advice));
    return object;
  }
}
