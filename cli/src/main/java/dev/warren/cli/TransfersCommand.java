package dev.warren.cli;

import dev.warren.cli.Table.Cell;
import dev.warren.cli.Table.Column;
import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.PeerRecord;
import dev.warren.node.NodeRecords.TransferRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists what was received. */
@Command(
    name = "transfers",
    description = {
      "List what you receive and have received, the newest first.",
      "",
      "One that was cut off goes on from what is here when the same is received again into the same"
          + " folder."
    },
    footer = {
      "",
      "Examples:",
      "  warren transfers",
      "  warren transfers -n 100 --json",
      "",
      "With --json, each line is {\"event\":\"transfer\",\"share\":…,\"name\":…,\"peer\":…,",
      "\"petname\":…,\"directory\":…,\"state\":\"receiving|cut_off|done\",\"files\":…,",
      "\"bytes\":…,\"received_bytes\":…,\"begun\":…}; only a peer that you named has a",
      "\"petname\"."
    })
final class TransfersCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();
  @Mixin private final NewestOption newest = new NewestOption();

  private final Session session;

  TransfersCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    List<TransferRecord> all;
    PeerNames names;
    try (NodeRecords records = directory.records(session)) {
      all = records.transfers();
      names = PeerNames.in(records);
    }
    Console console = session.console();
    if (all.isEmpty()) {
      console.note("Nothing was received yet. 'warren receive CODE' does.");
      return ExitCode.DONE.number();
    }
    List<TransferRecord> shown = newest.of(all, console);
    shown.forEach(transfer -> console.sayToPrograms(() -> object(transfer, names)));
    table(shown, names).show(console);
    return ExitCode.DONE.number();
  }

  private Table table(List<TransferRecord> transfers, PeerNames names) {
    var table =
        new Table(
            new Column("NAME", Cell.HEAD),
            new Column("FROM", Cell.HEAD),
            new Column("STATE", Cell.WHOLE),
            new Column("FILES", Cell.NUMBER),
            new Column("SIZE", Cell.NUMBER),
            new Column("SINCE", Cell.NUMBER),
            new Column("INTO", Cell.TAIL));
    Instant now = session.clock().instant();
    for (TransferRecord transfer : transfers) {
      table.add(
          transfer.name().isEmpty() ? "?" : transfer.name(),
          names.of(transfer.sharer()),
          state(transfer),
          Long.toString(transfer.files()),
          ByteSize.format(transfer.bytes()),
          Ages.between(transfer.begun(), now),
          transfer.directory().toString());
    }
    return table;
  }

  private static String state(TransferRecord transfer) {
    long percent = 100 * transfer.receivedBytes() / Math.max(1, transfer.bytes());
    return switch (transfer.state()) {
      case RECEIVING -> "receiving, %d%%".formatted(percent);
      case CUT_OFF -> "cut off at %d%%".formatted(percent);
      case DONE -> "done";
    };
  }

  private static JsonObject object(TransferRecord transfer, PeerNames names) {
    JsonObject object =
        JsonObject.event("transfer")
            .with("share", transfer.id().text())
            .with("name", transfer.name())
            .with("peer", transfer.sharer().toString());
    names
        .find(transfer.sharer())
        .flatMap(PeerRecord::petname)
        .ifPresent(petname -> object.with("petname", petname));
    return object
        .with("directory", transfer.directory().toString())
        .with("state", transfer.state().name().toLowerCase(Locale.ROOT))
        .with("files", transfer.files())
        .with("bytes", transfer.bytes())
        .with("received_bytes", transfer.receivedBytes())
        .with("begun", transfer.begun().toString());
  }
}
