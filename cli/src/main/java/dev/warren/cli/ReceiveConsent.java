package dev.warren.cli;

import dev.warren.node.Caution;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.Consent;
import dev.warren.node.ReceivePlan;
import dev.warren.node.ReceivePlan.Fate;
import dev.warren.node.ReceivePlan.Planned;
import dev.warren.node.ReceivePlan.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows what would come, and asks whether it may. */
final class ReceiveConsent implements Consent {
  /** How many entries are shown to one who is asked; --list shows all. */
  private static final int SHOWN = 20;

  private static final int PAGE = 1000;

  private final Console console;
  private final Question question;
  private final boolean yes;
  private final boolean list;
  private final Optional<ConflictPolicy> policy;
  private volatile boolean listed;
  private volatile Optional<CommandFailure> refusal = Optional.empty();

  /**
   * Asks in this way.
   *
   * @param yes whether the user has agreed already
   * @param list whether to receive nothing, and show all
   * @param policy what to do where other files are in the way; asked for if nothing
   */
  ReceiveConsent(
      Console console,
      Question question,
      boolean yes,
      boolean list,
      Optional<ConflictPolicy> policy) {
    this.console = console;
    this.question = question;
    this.yes = yes;
    this.list = list;
    this.policy = policy;
  }

  /** Whether the list was all that was asked for, and was shown. */
  boolean listed() {
    return listed;
  }

  /** Why there was no consent, if it was not for a person who said no. */
  Optional<CommandFailure> refusal() {
    return refusal;
  }

  @Override
  public Optional<ConflictPolicy> decide(ReceivePlan plan) {
    try {
      console.sayToPrograms(() -> object(plan));
      if (list) {
        showAll(plan);
        listed = true;
        return Optional.empty();
      }
      show(plan);
      return decide(plan.totals(), policy.or(plan::decidedBefore));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ConflictPolicy> decide(Totals totals, Optional<ConflictPolicy> given) {
    if (totals.entries() == 0 && totals.excluded() > 0) {
      return refuse(
          ExitCode.FAILED, "Nothing of it matches --only.", "--list shows what there is.");
    }
    boolean fits = totals.neededBytes() <= totals.freeBytes(); // if not, the node says so
    boolean asks = fits && totals.conflicts() > 0 && given.isEmpty();
    if (asks && !console.canAsk()) {
      return refuse(
          ExitCode.USAGE,
          "%s would take the place of others that are here, and nobody can be asked about that."
              .formatted(EntryLine.files(totals.conflicts())),
          "Say --overwrite, --rename or --skip, or receive into another folder with -o.");
    }
    Optional<ConflictPolicy> decided =
        asks
            ? askForPolicy(totals.conflicts())
            : Optional.of(given.orElse(ConflictPolicy.RENAME)); // which is for nothing
    boolean agreed = yes || !fits || totals.entries() == 0;
    return decided.filter(_ -> agreed || question.yes("Receive it?"));
  }

  private Optional<ConflictPolicy> refuse(ExitCode exitCode, String sentence, String nextStep) {
    refusal = Optional.of(new CommandFailure(exitCode, sentence, nextStep));
    return Optional.empty();
  }

  private Optional<ConflictPolicy> askForPolicy(long conflicts) {
    String prompt =
        "%s would take the place of others: [o]verwrite, [r]ename the new, [s]kip, [c]ancel? "
            .formatted(EntryLine.files(conflicts));
    while (true) {
      Optional<String> answer = question.line(prompt);
      switch (answer.map(text -> text.strip().toLowerCase(Locale.ROOT)).orElse("c")) {
        case "o", "overwrite" -> {
          return Optional.of(ConflictPolicy.OVERWRITE);
        }
        case "r", "rename" -> {
          return Optional.of(ConflictPolicy.RENAME);
        }
        case "s", "skip" -> {
          return Optional.of(ConflictPolicy.SKIP);
        }
        case "c", "cancel" -> {
          return Optional.empty();
        }
        default -> {}
      }
    }
  }

  // --- What is shown

  /** To one who is asked, what is worth knowing; to one who has agreed, what it is. */
  private void show(ReceivePlan plan) throws IOException {
    Totals totals = plan.totals();
    console.note("%s, shared by %s".formatted(Printable.of(plan.name()), plan.sharer()));
    if (!plan.description().isEmpty()) {
      console.note("  \"%s\"".formatted(Printable.of(plan.description())));
    }
    if (!yes) {
      long shown = 0;
      for (long first = 0; first < plan.size() && shown < SHOWN; first += PAGE) {
        for (Planned planned : plan.entries(first, PAGE)) {
          if (planned.fate() != Fate.EXCLUDED && shown < SHOWN) {
            shown++;
            console.note(line(planned));
          }
        }
      }
      if (shown < totals.entries()) {
        console.note("%10s  and %d more".formatted("…", totals.entries() - shown));
      }
      showCautions(plan, shown < totals.entries());
    }
    console.note(sums(totals));
  }

  /** Programs and the like are not to hide behind a thousand maps. */
  private void showCautions(ReceivePlan plan, boolean cut) {
    List<String> kinds = new ArrayList<>();
    for (Caution caution : Caution.values()) {
      long count = plan.totals().cautions().getOrDefault(caution, 0L);
      if (count > 0) {
        kinds.add(count + " " + name(caution, count != 1));
      }
    }
    if (kinds.isEmpty()) {
      return;
    }
    console.note("Look twice: " + String.join(", ", kinds) + ".");
    if (cut) {
      plan.cautioned().forEach(planned -> console.note(line(planned)));
    }
  }

  private static String name(Caution caution, boolean plural) {
    return switch (caution) {
      case PROGRAM -> plural ? "programs" : "program";
      case HIDDEN -> "hidden";
      case LINK -> plural ? "links" : "link";
    };
  }

  private static String sums(Totals totals) {
    return "%s, %s; %s of room%s%s"
        .formatted(
            EntryLine.files(totals.files()),
            ByteSize.format(totals.bytes()),
            totals.freeBytes() == Long.MAX_VALUE ? "plenty" : ByteSize.format(totals.freeBytes()),
            totals.same() > 0 ? "; %d seem to be here already".formatted(totals.same()) : "",
            totals.excluded() > 0 ? "; %d not asked for".formatted(totals.excluded()) : "");
  }

  private void showAll(ReceivePlan plan) throws IOException {
    for (long first = 0; first < plan.size(); first += PAGE) {
      for (Planned planned : plan.entries(first, PAGE)) {
        if (planned.fate() != Fate.EXCLUDED) {
          console.say(() -> line(planned), () -> object(planned));
        }
      }
    }
    console.note(sums(plan.totals()));
  }

  private static String line(Planned planned) {
    List<String> remarks = new ArrayList<>();
    for (Caution caution : Caution.of(planned.entry())) {
      if (caution != Caution.LINK) { // which shows
        remarks.add(name(caution, false));
      }
    }
    switch (planned.fate()) {
      case CONFLICT -> remarks.add("a different one is here");
      case SAME -> remarks.add("here already");
      case NEW, EXCLUDED -> {}
    }
    return EntryLine.text(planned.entry())
        + (remarks.isEmpty() ? "" : "  (" + String.join(", ", remarks) + ")");
  }

  private static JsonObject object(Planned planned) {
    return EntryLine.object(planned.entry())
        .with("cautions", names(Caution.of(planned.entry())))
        .with("fate", name(planned.fate()));
  }

  private static List<String> names(Iterable<Caution> cautions) {
    List<String> names = new ArrayList<>();
    cautions.forEach(caution -> names.add(name(caution)));
    return names;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static JsonObject object(ReceivePlan plan) {
    Totals totals = plan.totals();
    JsonObject object =
        JsonObject.event("manifest")
            .with("name", plan.name())
            .with("description", plan.description())
            .with("sharer", plan.sharer().toString())
            .with("entries", totals.entries())
            .with("files", totals.files())
            .with("bytes", totals.bytes())
            .with("conflicts", totals.conflicts())
            .with("same", totals.same())
            .with("excluded", totals.excluded());
    for (Caution caution : Caution.values()) {
      object.with(name(caution, true), totals.cautions().getOrDefault(caution, 0L));
    }
    return object.with("needed_bytes", totals.neededBytes()).with("free_bytes", totals.freeBytes());
  }
}
