package dev.warren.cli;

import picocli.CommandLine.Command;

/** The room of the commands about networks that find things without a server. */
@Command(
    name = "dht",
    description = {
      "Ask a network, and take part in it.",
      "",
      "A network is a table that its nodes keep together, a Kademlia DHT: who is where, who has"
          + " what, and small values that their owners have signed. 'warren share' makes codes known"
          + " in it and 'warren receive' finds them there, without any of these commands."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  warren dht serve --network warren --listen /ip4/0.0.0.0/tcp/4001",
      "  warren dht find 12D3KooW...",
      "  warren dht providers bafkrei...",
      "  warren dht stats --network lan --bootstrap MULTIADDR"
    })
final class DhtCommand {}
