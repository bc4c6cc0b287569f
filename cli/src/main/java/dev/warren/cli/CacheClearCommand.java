package dev.warren.cli;

import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.CacheSummary;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Empties the cache. */
@Command(
    name = "clear",
    description = {
      "Remove from the cache what no share needs.",
      "",
      "No file of yours is touched, and shares go on."
    },
    footer = {
      "",
      "Examples:",
      "  warren cache clear",
      "  warren cache clear --yes --json",
      "",
      "With --json, the line is {\"event\":\"cleared\",\"files\":…,\"bytes\":…}.",
      "",
      "Exit codes: 0 done, 1 failed, 2 --yes is needed, 130 you said no."
    })
final class CacheClearCommand implements Callable<Integer> {
  @ParentCommand private CacheCommand cache;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  private final Session session;

  CacheClearCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    try (NodeRecords records = cache.records()) {
      CacheSummary before = records.cache();
      if (!isWanted(before)) {
        session.console().note("Nothing was removed.");
        return ExitCode.INTERRUPTED.number();
      }
      records.clearCache();
      CacheSummary after = records.cache();
      long files = before.files() - after.files();
      long bytes = before.bytes() - after.bytes();
      session
          .console()
          .say(
              () ->
                  files == 0
                      ? "There was nothing to remove."
                      : "Removed %s in %d files.".formatted(ByteSize.format(bytes), files),
              () -> JsonObject.event("cleared").with("files", files).with("bytes", bytes));
      return ExitCode.DONE.number();
    }
  }

  private boolean isWanted(CacheSummary before) throws CommandFailure {
    long free = before.bytes() - before.pinnedBytes();
    if (yes || free == 0) {
      return true;
    }
    var question = new Question(session);
    if (!session.console().canAsk()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "Somebody has to agree that %s are removed, and there is no terminal."
              .formatted(ByteSize.format(free)),
          "Run it with --yes, or in a terminal.");
    }
    return question.yes("Remove %s from the cache?".formatted(ByteSize.format(free)));
  }
}
