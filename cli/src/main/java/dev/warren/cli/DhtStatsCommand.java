package dev.warren.cli;

import dev.warren.cli.Table.Cell;
import dev.warren.cli.Table.Column;
import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.DhtStats;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says how a network looks from here. */
@Command(
    name = "stats",
    description = {
      "Join a network and say how it looks from here: how many peers it has, about.",
      "",
      "With -v the peers of the table are listed, nearest last. How a node that serves does, it says"
          + " itself."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht stats",
      "  warren dht stats -v --network lan --bootstrap MULTIADDR",
      "",
      "With --json, the line is {\"event\":\"stats\",\"protocol\":…,\"mode\":…,\"peers\":…,",
      "\"network_size\":…,…}; with -v each peer has one before it, {\"event\":\"peer\",",
      "\"peer\":…,\"bucket\":…,\"agent\":…,\"addresses\":[…]}.",
      "",
      "Exit codes: 0 joined, 3 not joined in time, 130 stopped by Ctrl-C."
    })
final class DhtStatsCommand implements Callable<Integer> {
  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  private final Session session;

  DhtStatsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    try (var visit = DhtVisit.join(session, options)) {
      Dht dht = visit.dht();
      DhtStats stats =
          visit.call(
              () -> {
                dht.refresh();
                return dht.stats();
              });
      Console console = session.console();
      if (console.verbose()) {
        list(visit);
      }
      console.say(() -> DhtFigures.text(stats), () -> DhtFigures.object(stats));
      return ExitCode.DONE.number();
    }
  }

  private void list(DhtVisit visit) {
    Key self = Key.of(visit.host().peerId());
    var table =
        new Table(
            new Column("BUCKET", Cell.NUMBER),
            new Column("PEER", Cell.WHOLE),
            new Column("RUNS", Cell.HEAD),
            new Column("ADDRESS", Cell.HEAD));
    visit.dht().snapshot().stream()
        .sorted((one, other) -> self.compareDistances(other.key(), one.key()))
        .forEach(
            contact -> {
              int bucket = self.commonPrefixLength(contact.key());
              String agent =
                  visit.host().peerstore().info(contact.peer()).map(PeerInfo::agent).orElse("");
              List<String> addresses =
                  contact.addresses().stream().map(Multiaddr::toString).toList();
              table.add(
                  Integer.toString(bucket),
                  contact.peer().toString(),
                  agent,
                  String.join(" ", addresses));
              session
                  .console()
                  .sayToPrograms(
                      () ->
                          JsonObject.event("peer")
                              .with("peer", contact.peer().toString())
                              .with("bucket", bucket)
                              .with("agent", agent)
                              .with("addresses", addresses));
            });
    table.show(session.console());
  }
}
