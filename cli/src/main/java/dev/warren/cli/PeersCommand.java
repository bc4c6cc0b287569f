package dev.warren.cli;

import dev.warren.cli.Table.Cell;
import dev.warren.cli.Table.Column;
import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.PeerRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists who is known. */
@Command(
    name = "peers",
    description = {
      "List the peers that you know, name them, and block them.",
      "",
      "Those that have received from you or shared with you are known by themselves. A petname is"
          + " yours alone, and stands for the key of the peer: nobody else can come under it."
    },
    footer = {
      "",
      "Examples:",
      "  warren peers",
      "  warren peers name qAJU5SA kim",
      "  warren peers block kim",
      "",
      "A PEER is a petname, an id, or the last letters of the id of a known one.",
      "",
      "With --json, each line is {\"event\":\"peer\",\"peer\":…,\"petname\":…,\"blocked\":…,",
      "\"seen\":…}; \"petname\" and \"seen\" are there where there is one."
    })
final class PeersCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();

  private final Session session;

  PeersCommand(Session session) {
    this.session = session;
  }

  NodeRecords records() throws IOException {
    return directory.records(session);
  }

  @Override
  public Integer call() throws IOException {
    List<PeerRecord> peers;
    try (NodeRecords records = records()) {
      peers = records.peers();
    }
    Console console = session.console();
    if (peers.isEmpty()) {
      console.note(
          "No peer is known yet. Whoever receives from you or shares with you will be;"
              + " 'warren peers name PEER PETNAME' adds one.");
      return ExitCode.DONE.number();
    }
    peers.forEach(peer -> console.sayToPrograms(() -> object(peer)));
    table(peers).show(console);
    return ExitCode.DONE.number();
  }

  private Table table(List<PeerRecord> peers) {
    var table =
        new Table(
            new Column("NAME", Cell.HEAD),
            new Column("PEER", Cell.WHOLE),
            new Column("SEEN", Cell.NUMBER),
            new Column("", Cell.WHOLE));
    Instant now = session.clock().instant();
    for (PeerRecord peer : peers) {
      table.add(
          peer.petname().orElse(""),
          peer.peer().toString(),
          peer.seen().map(at -> Ages.between(at, now)).orElse("never"),
          peer.blocked() ? "blocked" : "");
    }
    return table;
  }

  private static JsonObject object(PeerRecord peer) {
    JsonObject object = JsonObject.event("peer").with("peer", peer.peer().toString());
    peer.petname().ifPresent(petname -> object.with("petname", petname));
    object.with("blocked", peer.blocked());
    peer.seen().ifPresent(at -> object.with("seen", at.toString()));
    return object;
  }
}
