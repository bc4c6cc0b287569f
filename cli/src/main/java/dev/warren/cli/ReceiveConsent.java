package dev.warren.cli;

import dev.warren.node.ConflictPolicy;
import dev.warren.node.Consent;
import dev.warren.node.ReceivePlan;
import dev.warren.node.ReceivePlan.Fate;
import dev.warren.node.ReceivePlan.Planned;
import dev.warren.protocols.transfer.manifest.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** Shows what would come, and asks whether it may. */
final class ReceiveConsent implements Consent {
  /** How many entries are shown to one who is asked; --list shows all. */
  private static final int SHOWN = 20;

  private static final int PAGE = 1000;

  private final Session session;
  private final boolean yes;
  private final boolean list;
  private final Optional<ConflictPolicy> policy;
  private volatile boolean listed;

  ReceiveConsent(Session session, boolean yes, boolean list, Optional<ConflictPolicy> policy) {
    this.session = session;
    this.yes = yes;
    this.list = list;
    this.policy = policy;
  }

  /** Whether the list was all that was asked for, and was shown. */
  boolean listed() {
    return listed;
  }

  @Override
  public Optional<ConflictPolicy> decide(ReceivePlan plan) {
    try {
      announce(plan);
      if (list) {
        listed = true;
        return Optional.empty();
      }
      return ask(plan.totals());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void announce(ReceivePlan plan) throws IOException {
    ReceivePlan.Totals totals = plan.totals();
    Console console = session.console();
    console.sayToPrograms(
        () ->
            JsonObject.event("manifest")
                .with("name", plan.name())
                .with("sharer", plan.sharer().toString())
                .with("entries", totals.entries())
                .with("files", totals.files())
                .with("bytes", totals.bytes())
                .with("conflicts", totals.conflicts())
                .with("same", totals.same())
                .with("excluded", totals.excluded()));
    if (!console.json()) {
      console.note(
          "%s from %s: %d files, %s"
              .formatted(
                  Printable.of(plan.name()),
                  plan.sharer(),
                  totals.files(),
                  ByteSize.format(totals.bytes())));
    }
    show(plan, list ? Long.MAX_VALUE : SHOWN);
    if (!console.json() && totals.same() > 0) {
      console.note("%d of them look as if they were here already.".formatted(totals.same()));
    }
  }

  private void show(ReceivePlan plan, long most) throws IOException {
    Console console = session.console();
    if (console.json() && !list) {
      return;
    }
    long shown = 0;
    for (long first = 0; first < plan.size() && shown < most; first += PAGE) {
      for (Planned planned : plan.entries(first, PAGE)) {
        if (planned.fate() != Fate.EXCLUDED && shown < most) {
          shown++;
          say(planned);
        }
      }
    }
    long left = plan.totals().entries() - shown;
    if (left > 0 && !console.json()) {
      console.note("  … and %d more".formatted(left));
    }
  }

  private void say(Planned planned) {
    String path = Printable.of(planned.entry().path().toString());
    String about =
        switch (planned.entry()) {
          case Entry.File file -> ByteSize.format(file.size());
          case Entry.Directory _ -> "folder";
          case Entry.Link link -> "link to " + Printable.of(link.target().toString());
        };
    String fate =
        switch (planned.fate()) {
          case CONFLICT -> "  (a different one is here)";
          case SAME -> "  (here)";
          case NEW, EXCLUDED -> "";
        };
    if (list) {
      session
          .console()
          .say(
              () -> "%10s  %s%s".formatted(about, path, fate),
              () ->
                  JsonObject.event("entry")
                      .with("path", planned.entry().path().toString())
                      .with("size", planned.entry() instanceof Entry.File file ? file.size() : 0)
                      .with("fate", planned.fate().name().toLowerCase(Locale.ROOT)));
    } else {
      session.console().note("  %10s  %s%s".formatted(about, path, fate));
    }
  }

  private Optional<ConflictPolicy> ask(ReceivePlan.Totals totals) {
    Question question = new Question(session.console());
    Optional<ConflictPolicy> decided = policy;
    if (totals.conflicts() > 0 && decided.isEmpty()) {
      if (!question.canBeAsked()) {
        session
            .console()
            .note(
                "%d files that are here differ; new ones are put beside them."
                    .formatted(totals.conflicts()));
        decided = Optional.of(ConflictPolicy.RENAME);
      } else {
        decided = askForPolicy(question, totals.conflicts());
        if (decided.isEmpty()) {
          return decided;
        }
      }
    }
    if (!yes && question.canBeAsked() && !question.yes("Receive it?")) {
      return Optional.empty();
    }
    if (!yes && !question.canBeAsked() && !session.console().json()) {
      session.console().note("Receiving it, since there is nobody to ask.");
    }
    return Optional.of(decided.orElse(ConflictPolicy.RENAME));
  }

  private static Optional<ConflictPolicy> askForPolicy(Question question, long conflicts) {
    String prompt =
        "%d files that are here differ: [o]verwrite, [r]ename the new ones, [s]kip, [c]ancel? "
            .formatted(conflicts);
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
}
