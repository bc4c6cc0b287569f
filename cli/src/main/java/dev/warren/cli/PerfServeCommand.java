package dev.warren.cli;

import dev.warren.libp2p.protocol.perf.Perf;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a node that others may measure against. */
@Command(
    name = "serve",
    description = {
      "Run a node that others may measure against, until Ctrl-C.",
      "",
      "Anybody who can reach it may have it send as much as they like: do not leave it running."
          + " Without --listen it takes a free port of every network interface."
    },
    footer = {
      "",
      "Examples:",
      "  warren perf serve",
      "  warren perf serve --listen /ip4/127.0.0.1/tcp/4001 --json"
    })
final class PerfServeCommand implements Callable<Integer> {
  @Mixin private final NodeOptions node = new NodeOptions();

  private final Session session;

  PerfServeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return new ServingNode(session).run(node, Perf::serve).number();
  }
}
