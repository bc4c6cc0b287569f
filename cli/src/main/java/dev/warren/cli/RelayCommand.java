package dev.warren.cli;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Network;
import dev.warren.node.store.DataDirectory;
import dev.warren.relay.RelayConfig;
import dev.warren.relay.RelayNode;
import dev.warren.relay.StatusAddress;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a relay and bootstrap node. */
@Command(
    name = "relay",
    description = {
      "Run a relay that others reach each other by, and a node that they join a network by.",
      "",
      "It serves everybody who can reach it, within limits; docs/running-a-relay.md says how to set"
          + " it up and what each setting of relay.toml does. Options go before the file.",
      "Ctrl-C, or SIGTERM, lets open circuits end first; a second one ends at once. SIGHUP reads the"
          + " file again."
    },
    footer = {
      "",
      "Examples:",
      "  warren relay",
      "  warren relay --config relay.toml --announce /ip4/203.0.113.7/tcp/4001",
      "  warren relay --network lan --listen /ip4/0.0.0.0/tcp/4001 --json",
      "",
      "With --json, the lines are \"listening\", \"joined\", \"stats\" each minute, \"draining\"",
      "and \"stopped\"."
    })
final class RelayCommand implements Callable<Integer> {
  private static final String DEFAULT_CONFIG = "relay.toml";
  private static final Duration FOR_TERMINALS = Duration.ofSeconds(1);
  private static final Duration FOR_PROGRAMS = Duration.ofMinutes(1);

  /** What it takes to say goodbye when circuits have ended, or have had their time. */
  private static final Duration GOODBYE = Duration.ofSeconds(5);

  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The settings. Default: relay.toml in the data directory, if it is there.")
  private @Nullable Path config; // no Optional: bash would not be told that it is a path

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      description =
          "Accept connections at this address. May be given several times. Default: TCP and QUIC on"
              + " port 4001 of every interface.")
  private List<Multiaddr> listen = List.of();

  @Option(
      names = "--announce",
      paramLabel = "MULTIADDR",
      description =
          "Tell others that it can be reached at this address, as behind a router that forwards a"
              + " port. May be given several times.")
  private List<Multiaddr> announce = List.of();

  @Option(
      names = "--network",
      paramLabel = "NAME",
      split = ",",
      description =
          "Help nodes of this network to find each other: ipfs, warren, lan, or a TOML file as those"
              + " in bootstrap-configs. Default: "
              + RelayConfig.NETWORK
              + ".")
  private List<String> networks = List.of();

  @Option(
      names = "--bootstrap",
      paramLabel = "MULTIADDR",
      description =
          "Join the network by way of the node at this address, such as another relay. May be given"
              + " several times.")
  private List<Multiaddr> bootstrap = List.of();

  @Option(
      names = "--status",
      paramLabel = "IP:PORT",
      description =
          "Where /metrics and /health are served over HTTP, or off. Default: 127.0.0.1:4002.")
  private @Nullable String status;

  @Option(
      names = "--log-json",
      description = "Also write the log to standard error, a JSON object a line.")
  private boolean logJson;

  private final Session session;
  private final News news = new News();

  RelayCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    RelayConfig settings = settings();
    if (logJson) {
      NodeLog.alsoJson(session, directory.in(session));
    } else {
      NodeLog.openOrGoWithout(session, directory.in(session));
    }
    session.interruption().takeTime(settings.service().drain().plus(GOODBYE));
    try (RelayNode relay =
        RelayNode.start(settings, "warren/" + Version.number(), session.time(), session.clock())) {
      announce(relay);
      var _ = Signals.register("HUP", () -> news.tell(() -> reload(relay)));
      relay.keepJoining(network -> news.tell(() -> joined(network)));
      stay(relay);
      drain(relay);
    }
    session.console().sayToPrograms(() -> JsonObject.event("stopped"));
    return ExitCode.INTERRUPTED.number();
  }

  private RelayConfig settings() throws IOException, CommandFailure {
    DataDirectory data = directory.in(session);
    Path file = config == null ? data.path().resolve(DEFAULT_CONFIG) : config;
    RelayConfig settings = RelayConfig.in(data.path());
    if (config != null || Files.exists(file)) {
      settings = read(file, settings);
    }
    if (!listen.isEmpty()) {
      settings = settings.withListen(listen);
    }
    if (!announce.isEmpty()) {
      settings = settings.withAnnounce(announce);
    }
    if (status != null) {
      try {
        settings = settings.withStatus(StatusAddress.parse(status));
      } catch (IllegalArgumentException e) {
        throw CommandFailure.usage(
            "--status: " + e.getMessage() + ".", "Say 127.0.0.1:4002, or off.");
      }
    }
    List<Network> chosen = networks.isEmpty() ? settings.networks() : named();
    return settings.withNetworks(
        chosen.stream().map(network -> network.withBootstrap(bootstrap)).toList());
  }

  private static RelayConfig read(Path file, RelayConfig rest) throws IOException, CommandFailure {
    try {
      return rest.withFile(file);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          e.getMessage() + ".",
          "docs/running-a-relay.md says what each setting may be.",
          e);
    }
  }

  private List<Network> named() throws CommandFailure {
    List<Network> named = new ArrayList<>();
    for (String name : networks.stream().distinct().toList()) {
      try {
        named.add(Network.named(name));
      } catch (IOException e) {
        throw CommandFailure.usage(
            "--network %s: %s.".formatted(name, e.getMessage()),
            "Say ipfs, warren, lan, or the path of a file as those in bootstrap-configs.");
      }
    }
    return named;
  }

  private void announce(RelayNode relay) {
    List<String> addresses = relay.addresses().stream().map(Multiaddr::toString).toList();
    session
        .console()
        .say(
            () -> "Relay " + relay.host().peerId() + " at\n  " + String.join("\n  ", addresses),
            () -> {
              JsonObject listening =
                  JsonObject.event("listening")
                      .with("peer", relay.host().peerId().toString())
                      .with("addresses", addresses);
              relay
                  .statusAddress()
                  .ifPresent(address -> listening.with("status", "http:/" + address));
              return listening;
            });
    if (!session.console().json()) {
      session
          .console()
          .note("Put one that others can reach into their bootstrap list. Ctrl-C stops.");
    }
  }

  private void joined(Network network) {
    session
        .console()
        .say(
            () -> "In the network '" + network.name() + "'.",
            () -> JsonObject.event("joined").with("network", network.name()));
  }

  /** Returns when the user wishes to stop. */
  private void stay(RelayNode relay) throws IOException {
    Console console = session.console();
    var ongoing = new Ongoing<Void>(session, news);
    if (console.json()) {
      ongoing.every(FOR_PROGRAMS, () -> console.sayToPrograms(() -> figures(relay)));
    } else if (console.interactive()) {
      ongoing.every(FOR_TERMINALS, () -> console.status(line(relay)));
    }
    ongoing.untilStopped();
  }

  private void reload(RelayNode relay) {
    try {
      relay.reload(settings());
      session.console().note("The settings have been read again.");
    } catch (IOException | CommandFailure e) {
      session
          .console()
          .note("warren: the settings stay as they were: " + Printable.of(e.getMessage()));
    }
  }

  private void drain(RelayNode relay) {
    int circuits = relay.activity().circuits();
    session.console().sayToPrograms(() -> JsonObject.event("draining").with("circuits", circuits));
    if (circuits > 0 && !session.console().json()) {
      session
          .console()
          .note(
              "Waiting for %d circuits to end, %d s at most; Ctrl-C ends at once."
                  .formatted(circuits, relay.drainSeconds()));
    }
    try {
      boolean _ = relay.drain();
    } catch (InterruptedException _) {
      // Only a wish to stop interrupts this thread.
    }
  }

  private static String line(RelayNode relay) {
    var activity = relay.activity();
    return "%d connections · %d reservations · %d circuits · %s passed on"
        .formatted(
            relay.host().connections().size(),
            activity.reservations(),
            activity.circuits(),
            ByteSize.format(activity.relayedBytes()));
  }

  private static JsonObject figures(RelayNode relay) {
    var activity = relay.activity();
    return JsonObject.event("stats")
        .with("connections", relay.host().connections().size())
        .with("reservations", activity.reservations())
        .with("circuits", activity.circuits())
        .with("relayed_bytes", activity.relayedBytes())
        .with("refusals", activity.refusals().values().stream().mapToLong(each -> each).sum());
  }
}
