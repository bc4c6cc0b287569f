package dev.warren.cli;

import dev.warren.cli.Table.Cell;
import dev.warren.cli.Table.Column;
import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.ShareRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists what was shared. */
@Command(
    name = "shares",
    description = {
      "List what you share and have shared, the newest first.",
      "",
      "A share is 'serving' while its 'warren share' runs. One that is 'cut off' goes on, with the"
          + " code that it had, when the same is shared again."
    },
    footer = {
      "",
      "Examples:",
      "  warren shares",
      "  warren shares -n 100 --json",
      "",
      "With --json, each line is {\"event\":\"share\",\"id\":…,\"name\":…,\"description\":…,",
      "\"state\":\"serving|cut_off|ended\",\"files\":…,\"bytes\":…,\"begun\":…,\"expires\":…,",
      "\"paths\":[…]}; what does not expire has no \"expires\"."
    })
final class SharesCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();
  @Mixin private final NewestOption newest = new NewestOption();

  private final Session session;

  SharesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    List<ShareRecord> all;
    try (NodeRecords records = directory.records(session)) {
      all = records.shares();
    }
    Console console = session.console();
    if (all.isEmpty()) {
      console.note("Nothing was shared yet. 'warren share PATH' does.");
      return ExitCode.DONE.number();
    }
    List<ShareRecord> shown = newest.of(all, console);
    shown.forEach(share -> console.sayToPrograms(() -> object(share)));
    table(shown).show(console);
    return ExitCode.DONE.number();
  }

  private Table table(List<ShareRecord> shares) {
    var table =
        new Table(
            new Column("NAME", Cell.HEAD),
            new Column("STATE", Cell.WHOLE),
            new Column("FILES", Cell.NUMBER),
            new Column("SIZE", Cell.NUMBER),
            new Column("SINCE", Cell.NUMBER),
            new Column("EXPIRES", Cell.WHOLE),
            new Column("ID", Cell.WHOLE),
            new Column("PATHS", Cell.TAIL));
    Instant now = session.clock().instant();
    for (ShareRecord share : shares) {
      table.add(
          share.name(),
          stateOf(share).replace('_', ' '),
          Long.toString(share.files()),
          ByteSize.format(share.bytes()),
          Ages.between(share.begun(), now),
          expiry(share, now),
          share.id().text(),
          share.paths().stream().map(Path::toString).collect(Collectors.joining(", ")));
    }
    return table;
  }

  private static String expiry(ShareRecord share, Instant now) {
    return switch (share.state()) {
      case ENDED -> "";
      case SERVING, CUT_OFF ->
          share
              .expires()
              .map(at -> at.isBefore(now) ? "expired" : "in " + Ages.between(now, at))
              .orElse("never");
    };
  }

  private static String stateOf(ShareRecord share) {
    return share.state().name().toLowerCase(Locale.ROOT);
  }

  private static JsonObject object(ShareRecord share) {
    JsonObject object =
        JsonObject.event("share")
            .with("id", share.id().text())
            .with("name", share.name())
            .with("description", share.description())
            .with("state", stateOf(share))
            .with("files", share.files())
            .with("bytes", share.bytes())
            .with("begun", share.begun().toString());
    share.expires().ifPresent(at -> object.with("expires", at.toString()));
    return object.with("paths", share.paths().stream().map(Path::toString).toList());
  }
}
