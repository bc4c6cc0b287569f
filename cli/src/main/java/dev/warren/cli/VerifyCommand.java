package dev.warren.cli;

import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.TransferState;
import dev.warren.node.NodeRecords.Verification;
import dev.warren.node.VerificationListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Looks whether what was received is still as it came. */
@Command(
    name = "verify",
    description = {
      "Hash again what was received, and list what has changed since.",
      "",
      "DIR may be the folder that was received into, one in it, or a file. Files among those that"
          + " were received, which nobody sent, are listed as extra; they are no fault."
    },
    footer = {
      "",
      "Examples:",
      "  warren verify",
      "  warren verify ~/mods",
      "  warren verify --json ~/mods/maps/harbour.pak",
      "",
      "With --json, each line is {\"event\":\"changed|missing|extra\",\"path\":…}; the last is",
      "{\"event\":\"verified\",\"directory\":…,\"intact\":…,\"verified\":…,\"changed\":…,",
      "\"missing\":…,\"extra\":…}, and progress is told each second.",
      "",
      "Exit codes: 0 all is as it came, 1 failed, 3 nothing was received there,",
      "5 something is changed or missing, 130 stopped by Ctrl-C."
    })
final class VerifyCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption data = new DataDirectoryOption();

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "What to verify. Default: the folder that you are in.")
  private Path directory = Path.of("");

  private final Session session;

  VerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    Thread verifying = Thread.currentThread();
    try (NodeRecords records = data.records(session);
        var _ = session.interruption().onRequest(verifying::interrupt)) {
      Optional<Verification> verification = verify(records);
      if (verification.isEmpty()) {
        throw nothingThere(records);
      }
      return result(verification.get()).number();
    } catch (IOException e) {
      if (!session.interruption().requested()) {
        throw e;
      }
      boolean _ = Thread.interrupted(); // it has done what it was for
      session.console().sayToPrograms(() -> JsonObject.event("stopped"));
      return ExitCode.INTERRUPTED.number();
    }
  }

  private Optional<Verification> verify(NodeRecords records) throws IOException {
    try (var told = new Told()) {
      return records.verify(directory, told);
    }
  }

  private CommandFailure nothingThere(NodeRecords records) throws IOException {
    Path wanted = directory.toAbsolutePath().normalize();
    boolean begun =
        records.transfers().stream()
            .filter(it -> it.state() != TransferState.DONE)
            .anyMatch(
                it ->
                    it.directory().startsWith(wanted)
                        || it.directory().resolve(it.name()).equals(wanted));
    return begun
        ? new CommandFailure(
            ExitCode.UNREACHABLE,
            "What is to be received into %s is not all here yet.".formatted(wanted),
            "Receive it again with its code: that goes on from what is here.")
        : new CommandFailure(
            ExitCode.UNREACHABLE,
            "Nothing is known of having been received into %s.".formatted(wanted),
            "'warren transfers' lists what was received, and into which folders.");
  }

  private ExitCode result(Verification found) {
    session
        .console()
        .say(
            () ->
                "%s: %d as they came, %d changed, %d missing, %d extra."
                    .formatted(
                        found.intact() ? "Intact" : "Damaged",
                        found.verified(),
                        found.changed(),
                        found.missing(),
                        found.extra()),
            () ->
                JsonObject.event("verified")
                    .with("directory", directory.toAbsolutePath().normalize().toString())
                    .with("intact", found.intact())
                    .with("verified", found.verified())
                    .with("changed", found.changed())
                    .with("missing", found.missing())
                    .with("extra", found.extra()));
    if (found.intact()) {
      return ExitCode.DONE;
    }
    session
        .console()
        .note(
            "Receiving it again with --overwrite puts that right; what is as it came does not move"
                + " again.");
    return ExitCode.CORRUPT;
  }

  /** Passes on what is found, to people and programs. */
  private final class Told implements VerificationListener, AutoCloseable {
    private Optional<Progress> progress = Optional.empty();

    @Override
    public void begun(long files, long bytes) {
      progress = Optional.of(new Progress(session, "verify", bytes));
    }

    @Override
    public void hashed(long bytes) {
      progress.ifPresent(it -> it.moved(bytes));
    }

    @Override
    public void changed(String path) {
      say("changed", path);
    }

    @Override
    public void missing(String path) {
      say("missing", path);
    }

    @Override
    public void extra(String path) {
      say("extra", path);
    }

    private void say(String what, String path) {
      session
          .console()
          .say(
              () -> "%-7s  %s".formatted(what, Printable.of(path)),
              () -> JsonObject.event(what).with("path", path));
    }

    @Override
    public void close() {
      progress.ifPresent(Progress::close);
    }
  }
}
