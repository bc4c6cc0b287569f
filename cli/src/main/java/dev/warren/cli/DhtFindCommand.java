package dev.warren.cli;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.NodeRecords;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Finds out where a peer is. */
@Command(
    name = "find",
    description = {
      "Find out where a peer is.",
      "",
      "A peer need not take part in the network to be found: that a node near to it has met it is"
          + " enough."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht find 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
      "  warren dht find kim --network lan --bootstrap MULTIADDR",
      "",
      "With --json, the line is {\"event\":\"found\",\"peer\":…,\"connected\":…,",
      "\"addresses\":[…],\"agent\":…}; \"agent\" is there where the peer has said it.",
      "",
      "Exit codes: 0 found, 3 not found or not in time, 130 stopped by Ctrl-C."
    })
final class DhtFindCommand implements Callable<Integer> {
  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  @Parameters(
      paramLabel = "PEER",
      description = "Its id, its petname, or the last letters of the id of a known one.")
  private String peer = "";

  private final Session session;

  DhtFindCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    PeerId meant = meant();
    try (var visit = DhtVisit.join(session, options)) {
      Contact found =
          visit
              .call(() -> visit.dht().findPeer(meant))
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.UNREACHABLE,
                          "Nobody there knows %s.".formatted(meant),
                          "It may be in another network: see --network."));
      show(
          found,
          !visit.host().connections(meant).isEmpty(),
          visit.host().peerstore().info(meant).map(PeerInfo::agent));
      return ExitCode.DONE.number();
    }
  }

  private PeerId meant() throws IOException, CommandFailure {
    if (PeerNames.isId(peer)) {
      return PeerId.parse(peer);
    }
    try (NodeRecords records = options.dht().node().records(session)) {
      return PeerNames.in(records).meant(peer);
    }
  }

  private void show(Contact found, boolean connected, Optional<String> agent) {
    List<String> addresses =
        found.addresses().stream()
            .map(address -> address.withPeer(found.peer().toString()))
            .map(Multiaddr::toString)
            .toList();
    session
        .console()
        .say(
            () ->
                (connected ? "Reached" : "Heard of, but not reached")
                    + agent.map(name -> ", runs " + Printable.of(name)).orElse("")
                    + ":\n  "
                    + String.join("\n  ", addresses),
            () -> {
              JsonObject object =
                  JsonObject.event("found")
                      .with("peer", found.peer().toString())
                      .with("connected", connected)
                      .with("addresses", addresses);
              agent.ifPresent(name -> object.with("agent", name));
              return object;
            });
  }
}
