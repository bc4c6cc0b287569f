package dev.warren.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a node that does nothing but be there. */
@Command(
    name = "listen",
    description = {
      "Run a bare node: print its addresses, then who connects and leaves.",
      "",
      "It answers identify and ping. Without --listen it takes a free port of every network"
          + " interface. Ctrl-C stops it."
    },
    footer = {
      "",
      "Examples:",
      "  warren listen",
      "  warren listen --listen /ip4/0.0.0.0/tcp/4001 --json",
      "",
      "Exit codes: 130 stopped by Ctrl-C, 1 cannot listen there."
    })
final class ListenCommand implements Callable<Integer> {
  @Mixin private final NodeOptions node = new NodeOptions();

  private final Session session;

  ListenCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return new ServingNode(session).run(node, _ -> {}).number();
  }
}
