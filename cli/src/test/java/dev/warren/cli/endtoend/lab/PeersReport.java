package dev.warren.cli.endtoend.lab;

import dev.warren.interop.Implementation;
import dev.warren.interop.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What came out of it with peers on other implementations, as docs/nat-matrix.md has it. */
final class PeersReport {
  private final List<DialBack.Result> answers = new ArrayList<>();
  private final List<Punch.Result> punches = new ArrayList<>();

  void add(DialBack.Result answer) {
    answers.add(answer);
  }

  void add(Punch.Result punch) {
    punches.add(punch);
  }

  boolean isGood() {
    return answers.stream().allMatch(DialBack.Result::isGood)
        && punches.stream().allMatch(punch -> punch.direct().isPresent());
  }

  String summary() {
    return "%d of %d answers about dialing back are right; %d of %d pairs punched a hole."
        .formatted(
            answers.stream().filter(DialBack.Result::isGood).count(),
            answers.size(),
            punches.stream().filter(punch -> punch.direct().isPresent()).count(),
            punches.size());
  }

  void write(Path page) throws IOException {
    new MarkedSection(page, "peers")
        .write(summary() + "\n\n" + punchTable() + "\n" + answerTable());
  }

  private String punchTable() {
    List<Implementation> relays =
        punches.stream().map(it -> it.punch().relay()).distinct().toList();
    var table = new StringBuilder("| who dials → who is reached | |");
    relays.forEach(relay -> table.append(" by %s's relay |".formatted(relay.label())));
    table.append("\n|---|---|").append("---|".repeat(relays.size())).append('\n');
    for (Transport transport : Transport.values()) {
      for (String pair : punches.stream().map(it -> it.punch().pair()).distinct().toList()) {
        table.append(
            punches.stream()
                .filter(it -> it.punch().transport() == transport && it.punch().pair().equals(pair))
                .map(it -> it.text() + " |")
                .collect(Collectors.joining(" ", "| %s | %s | ".formatted(pair, transport), "\n")));
      }
    }
    return table.toString();
  }

  private String answerTable() {
    var table =
        new StringBuilder("| home | | who asks | whom | v1 | v2 |\n|---|---|---|---|---|---|\n");
    for (DialBack.Result answer : answers) {
      DialBack question = answer.question();
      table.append(
          "| %s | %s | %s | %s | %s | %s |%n"
              .formatted(
                  question.home().label(),
                  question.transport(),
                  question.client().label(),
                  question.server().label(),
                  answer.first(),
                  answer.second()));
    }
    return table.toString();
  }
}
