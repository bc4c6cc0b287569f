package dev.warren.cli;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds those who have something. */
@Command(
    name = "providers",
    description = {
      "List those who provide something, as they are found.",
      "",
      "Nobody vouches for it: anybody can say that they provide anything."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht providers 'maps of our group'",
      "  warren dht providers --count 1 --json bafkrei...",
      "",
      "With --json, each line is {\"event\":\"provider\",\"peer\":…,\"addresses\":[…]}.",
      "",
      "Exit codes: 0 found, 3 none found or not in time, 130 stopped by Ctrl-C."
    })
final class DhtProvidersCommand implements Callable<Integer> {
  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "20",
      description = "Stop when so many have been found. Default: ${DEFAULT-VALUE}.")
  private int count = 20;

  @Parameters(paramLabel = "KEY", description = ContentKey.HELP)
  private ContentKey key = ContentKey.NONE;

  private final Session session;

  DhtProvidersCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    if (count < 1) {
      throw CommandFailure.usage("--count must be at least 1.", "Leave it out for up to 20.");
    }
    try (var visit = DhtVisit.join(session, options)) {
      List<Contact> found =
          visit.call(() -> visit.dht().findProviders(key.target(), count, this::show));
      if (found.isEmpty()) {
        throw new CommandFailure(
            ExitCode.UNREACHABLE,
            "Nobody provides %s.".formatted(key),
            "Compare the key with that of 'warren dht provide', and the network.");
      }
      return ExitCode.DONE.number();
    }
  }

  /** A provider without addresses may be anywhere; 'find' looks for it. */
  private void show(Contact provider) {
    List<String> addresses = provider.addresses().stream().map(Multiaddr::toString).toList();
    session
        .console()
        .say(
            () ->
                addresses.stream()
                    .map(address -> "\n  " + address)
                    .collect(Collectors.joining("", provider.peer().toString(), "")),
            () ->
                JsonObject.event("provider")
                    .with("peer", provider.peer().toString())
                    .with("addresses", addresses));
  }
}
