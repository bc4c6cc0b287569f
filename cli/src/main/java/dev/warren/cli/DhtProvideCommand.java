package dev.warren.cli;

import dev.warren.libp2p.dht.Stored;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes known that this node has something. */
@Command(
    name = "provide",
    description = {
      "Make known that this node provides something, until Ctrl-C.",
      "",
      "Peers keep the record for two days; while this runs it is made anew in time. What is"
          + " provided is not looked at: whoever finds this node asks it by a protocol of their own."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht provide 'maps of our group'",
      "  warren dht provide --once bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
      "",
      "With --json, the line is {\"event\":\"provided\",\"key\":…,\"peers\":…,\"asked\":…,",
      "\"seconds\":…}, with \"stats\" each minute and \"stopped\" behind it.",
      "",
      "Exit codes: 0 provided with --once, 1 nobody keeps it, 3 the network is not",
      "reached in time, 130 stopped by Ctrl-C."
    })
final class DhtProvideCommand implements Callable<Integer> {
  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  @Option(
      names = "--once",
      description = "End when peers keep the record, which then leads to a node that is gone.")
  private boolean once;

  @Parameters(paramLabel = "KEY", description = ContentKey.HELP)
  private ContentKey key = ContentKey.NONE;

  private final Session session;

  DhtProvideCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    Host host = options.dht().node().serve(session, new HostListener() {}, _ -> {});
    try (var visit = DhtVisit.join(session, options, DhtVisit.TIMEOUT, host)) {
      Stored stored = visit.call(() -> visit.dht().keepProviding(key.target()));
      DhtPutCommand.requireKept(stored);
      show(stored, visit.passed().toMillis() / 1e3);
      return (once ? ExitCode.DONE : new DhtStay(session, new News()).in(visit.dht())).number();
    }
  }

  private void show(Stored stored, double seconds) {
    session
        .console()
        .say(
            () ->
                String.format(
                    Locale.ROOT,
                    "%s is provided after %.1f s, by the word of %d of %d peers.",
                    key,
                    seconds,
                    stored.stored(),
                    stored.asked()),
            () ->
                JsonObject.event("provided")
                    .with("key", key.toString())
                    .with("peers", stored.stored())
                    .with("asked", stored.asked())
                    .with("seconds", seconds));
  }
}
