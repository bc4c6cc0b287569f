package dev.warren.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Visits everybody in a network. */
@Command(
    name = "crawl",
    description = {
      "Walk through a network: visit every peer that another one names, and count them.",
      "",
      "With -v each of them is shown."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht crawl --network lan --bootstrap MULTIADDR",
      "  warren dht crawl --json --max-peers 50000 --timeout 30m > peers.jsonl",
      "",
      "With --json, the lines are {\"event\":\"peer\",\"peer\":…,\"answered\":…,\"named\":…,",
      "\"agent\":…,\"addresses\":[…]}, {\"event\":\"agent\",\"agent\":…,\"peers\":…} for each",
      "program, and {\"event\":\"crawled\",\"peers\":…,\"answered\":…,\"unanswered\":…,",
      "\"complete\":…,\"seconds\":…}.",
      "",
      "Exit codes: 0 done, 3 not joined or not done in time, 130 stopped by Ctrl-C."
    })
final class DhtCrawlCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  @Option(
      names = "--max-peers",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Visit no more than so many. Default: ${DEFAULT-VALUE}.")
  private int maxPeers = 10_000;

  private final Session session;

  DhtCrawlCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    if (maxPeers < 1) {
      throw CommandFailure.usage(
          "--max-peers must be at least 1.", "Leave it out for up to 10000.");
    }
    try (var visit = DhtVisit.join(session, options, TIMEOUT)) {
      var report = new CrawlReport(session);
      boolean complete = false;
      try {
        complete = visit.call(() -> visit.dht().crawl(maxPeers, report::add));
      } finally {
        report.end(complete); // also of what was seen until the time was over
      }
      return ExitCode.DONE.number();
    }
  }
}
