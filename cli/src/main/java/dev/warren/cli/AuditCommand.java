package dev.warren.cli;

import dev.warren.cli.Table.Cell;
import dev.warren.cli.Table.Column;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.AuditLine;
import dev.warren.node.NodeRecords.AuditQuery;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who fetched what. */
@Command(
    name = "audit",
    description = {
      "Show who fetched what from you, and what you received; the newest last.",
      "",
      "Lines are kept for a year, up to 100,000 of them."
    },
    footer = {
      "",
      "Examples:",
      "  warren audit",
      "  warren audit --peer kim -n 100",
      "  warren audit --share mods --json",
      "",
      "With --json, each line is {\"event\":\"audit\",\"at\":…,\"what\":\"shared|admitted|",
      "refused|left|completed|received|ended\",\"peer\":…,\"share\":…,\"bytes\":…,\"files\":…,",
      "\"detail\":…}; \"peer\" and \"share\" are there where one is concerned.",
      "",
      "Exit codes: 0 done, 1 failed, 3 no such peer is known."
    })
final class AuditCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();
  @Mixin private final NewestOption newest = new NewestOption();

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      description = "Only what concerns this share: its name, or its id as 'warren shares' has it.")
  private Optional<String> share = Optional.empty();

  @Option(
      names = "--peer",
      paramLabel = "PEER",
      description = "Only what concerns this peer: its petname, its id, or how that ends.")
  private Optional<String> peer = Optional.empty();

  private final Session session;

  AuditCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    Console console = session.console();
    try (NodeRecords records = directory.records(session)) {
      PeerNames names = PeerNames.in(records);
      Optional<PeerId> wanted =
          peer.isPresent() ? Optional.of(names.meant(peer.get())) : Optional.empty();
      List<AuditLine> lines =
          records.audit(new AuditQuery(share, wanted), newest.count()).reversed();
      if (lines.isEmpty()) {
        console.note(
            share.isPresent() || peer.isPresent()
                ? "No line of the log is about that. 'warren audit' shows all of it."
                : "Nothing was shared or received yet. 'warren share PATH' begins.");
        return ExitCode.DONE.number();
      }
      lines.forEach(line -> console.sayToPrograms(() -> object(line)));
      table(lines, names, sharesOf(records)).show(console);
    }
    return ExitCode.DONE.number();
  }

  private static Map<ShareId, String> sharesOf(NodeRecords records) throws IOException {
    Map<ShareId, String> names = new HashMap<>();
    records.transfers().forEach(it -> names.put(it.id(), it.name()));
    records.shares().forEach(it -> names.put(it.id(), it.name()));
    return names;
  }

  private static Table table(List<AuditLine> lines, PeerNames names, Map<ShareId, String> shares) {
    var table =
        new Table(
            new Column("AT", Cell.WHOLE),
            new Column("WHAT", Cell.WHOLE),
            new Column("PEER", Cell.HEAD),
            new Column("SHARE", Cell.HEAD),
            new Column("MOVED", Cell.NUMBER),
            new Column("DETAIL", Cell.HEAD));
    for (AuditLine line : lines) {
      String name = line.share().map(id -> shares.getOrDefault(id, id.text())).orElse("");
      table.add(
          Ages.local(line.at()),
          line.event(),
          line.peer().map(names::of).orElse(""),
          name,
          line.bytes() == 0 ? "" : ByteSize.format(line.bytes()),
          line.detail().equals(name) ? "" : line.detail());
    }
    return table;
  }

  private static JsonObject object(AuditLine line) {
    JsonObject object =
        JsonObject.event("audit").with("at", line.at().toString()).with("what", line.event());
    line.peer().ifPresent(id -> object.with("peer", id.toString()));
    line.share().ifPresent(id -> object.with("share", id.text()));
    return object
        .with("bytes", line.bytes())
        .with("files", line.files())
        .with("detail", line.detail());
  }
}
