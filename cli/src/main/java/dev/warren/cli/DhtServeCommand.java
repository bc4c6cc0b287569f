package dev.warren.cli;

import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.node.Network;
import dev.warren.node.NetworkMember;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a node that takes part in a network and does nothing else. */
@Command(
    name = "serve",
    description = {
      "Take part in a network until Ctrl-C, as a node that others join by.",
      "",
      "It answers, keeps records for others, and has to be reached by them. The first node of a"
          + " network of your own needs no --bootstrap; to the others, name one that runs. Peers are"
          + " kept for the next time."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht serve --network lan",
      "  warren dht serve --network warren --listen /ip4/0.0.0.0/tcp/4001 --json",
      "",
      "With --json, the lines are \"listening\", \"joined\", \"stats\" each minute,",
      "\"warning\" and \"stopped\"."
    })
final class DhtServeCommand implements Callable<Integer> {
  @Mixin private final DhtOptions options = new DhtOptions();

  private final Session session;
  private final News news = new News();

  DhtServeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    Network network = options.network(session).withMode(Mode.SERVER);
    try (Host host = options.node().serve(session, new HostListener() {}, _ -> {});
        var member = NetworkMember.of(network, host, options.node().data(session))) {
      ServingNode.announce(session, host);
      long begin = session.time().nanoTime();
      var warned = new AtomicBoolean(network.bootstrap().isEmpty()); // it may be the first one
      member.keepJoining(
          peers -> news.tell(() -> joined(network, peers, session.time().nanoTime() - begin)),
          failure -> {
            if (warned.compareAndSet(false, true)) {
              news.tell(() -> warn(network, failure));
            }
          });
      return new DhtStay(session, news).in(member.dht()).number();
    }
  }

  private void joined(Network network, int peers, long nanos) {
    session
        .console()
        .say(
            () ->
                String.format(
                    Locale.ROOT,
                    "In the network '%s' after %.1f s; %d peers are known.",
                    network.name(),
                    nanos / 1e9,
                    peers),
            () ->
                JsonObject.event("joined")
                    .with("network", network.name())
                    .with("peers", peers)
                    .with("seconds", nanos / 1e9));
  }

  private void warn(Network network, IOException failure) {
    String sentence =
        "the network '%s' is not joined yet: %s; trying again"
            .formatted(network.name(), failure.getMessage());
    session.console().note("warren: " + Printable.of(sentence) + ".");
    session.console().sayToPrograms(() -> JsonObject.event("warning").with("message", sentence));
  }
}
