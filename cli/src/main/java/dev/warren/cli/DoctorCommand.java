package dev.warren.cli;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.libp2p.nat.reachability.TransportKind;
import dev.warren.node.Connectivity;
import dev.warren.node.Connectivity.Relay;
import dev.warren.node.Diagnosis;
import dev.warren.node.Diagnosis.Finding;
import dev.warren.node.Diagnosis.Grade;
import dev.warren.node.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what kind of network this computer is in, and what will work there. */
@Command(
    name = "doctor",
    description = {
      "Find out what kind of network this computer is in, what will work there, and what to do"
          + " about the rest.",
      "",
      "A node is started as 'warren share' does it, and others are asked to dial it. With -v its"
          + " addresses are listed too."
    },
    footer = {
      "",
      "Examples:",
      "  warren doctor",
      "  warren doctor --network lan",
      "  warren doctor --json",
      "",
      "With --json, each finding is {\"event\":\"finding\",\"topic\":…,\"grade\":\"good|note|problem\",",
      "\"text\":…,\"advice\":…}, each relay {\"event\":\"relay\",\"peer\":…,\"address\":…,",
      "\"round_trip_ms\":…} without the time if it is silent, and the last line",
      "{\"event\":\"doctor\",\"outlook\":…,\"tcp\":…,\"tcp_mapping\":…,\"udp\":…,\"udp_mapping\":…,",
      "\"addresses\":[…],\"problems\":…}.",
      "",
      "Exit codes: 0 no problem, 1 there are problems, 130 stopped by Ctrl-C."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  @Mixin private final PeerOptions peer = new PeerOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to look at most, as in 10s. Default: 20s.")
  private Duration timeout = Duration.ofSeconds(20);

  private final Session session;
  private final NodeStarter nodes;
  private final News news = new News();

  DoctorCommand(Session session, NodeStarter nodes) {
    this.session = session;
    this.nodes = nodes;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    try (Node node = nodes.start(peer.config(session))) {
      var settled = new CountDownLatch(1);
      var ongoing = new Ongoing<Boolean>(session, news);
      look(node, settled);
      ongoing.every(LOOK_EVERY, () -> look(node, settled));
      Optional<Boolean> end;
      try (var _ = session.time().after(timeout, settled::countDown)) {
        end =
            ongoing.await(
                () -> {
                  settled.await();
                  return true;
                });
      }
      if (end.isEmpty()) {
        return ExitCode.INTERRUPTED.number();
      }
      Connectivity found = node.connectivity();
      Diagnosis diagnosis = Diagnosis.of(found, session.clock().instant());
      report(found, diagnosis);
      return (diagnosis.problems().isEmpty() ? ExitCode.DONE : ExitCode.FAILED).number();
    }
  }

  private void look(Node node, CountDownLatch settled) {
    if (Diagnosis.of(node.connectivity(), session.clock().instant()).isSettled()) {
      settled.countDown();
    } else {
      session.console().status("Looking around …");
    }
  }

  private void report(Connectivity found, Diagnosis diagnosis) {
    Console console = session.console();
    List<Finding> findings = diagnosis.findings();
    findings.forEach(
        finding -> console.say(() -> line(finding), () -> NetworkProblems.object(finding)));
    if (console.verbose()) {
      found.addresses().forEach(address -> console.sayToPeople("  at " + address));
    }
    List<Finding> advised =
        findings.stream()
            .filter(it -> it.grade() != Grade.GOOD && it.advice().isPresent())
            .toList();
    if (!advised.isEmpty()) {
      console.sayToPeople("");
    }
    advised.stream()
        .flatMap(it -> it.advice().stream().map(advice -> it.topic().title() + ": " + advice))
        .distinct()
        .forEach(console::sayToPeople);
    console.sayToPeople("");
    found.relays().forEach(relay -> console.sayToPrograms(() -> object(relay)));
    console.say(diagnosis.outlook()::sentence, () -> object(found, diagnosis));
  }

  private static String line(Finding finding) {
    String mark =
        switch (finding.grade()) {
          case GOOD -> "  ";
          case NOTE -> "- ";
          case PROBLEM -> "! ";
        };
    return mark + "%-13s".formatted(finding.topic().title()) + Printable.of(finding.text());
  }

  private static JsonObject object(Relay relay) {
    JsonObject object =
        JsonObject.event("relay")
            .with("peer", relay.peer().toString())
            .with("address", relay.address().toString());
    relay.roundTrip().ifPresent(it -> object.with("round_trip_ms", it.toNanos() / 1e6));
    return object;
  }

  private static JsonObject object(Connectivity found, Diagnosis diagnosis) {
    Reachability.OfTransport tcp = found.reachability().of(TransportKind.TCP);
    Reachability.OfTransport udp = found.reachability().of(TransportKind.QUIC);
    return JsonObject.event("doctor")
        .with("outlook", lower(diagnosis.outlook()))
        .with("tcp", lower(tcp.verdict()))
        .with("tcp_mapping", lower(tcp.mapping()))
        .with("tcp_filtering", lower(tcp.filtering()))
        .with("udp", lower(udp.verdict()))
        .with("udp_mapping", lower(udp.mapping()))
        .with("udp_filtering", lower(udp.filtering()))
        .with("addresses", found.addresses().stream().map(Multiaddr::toString).toList())
        .with("problems", diagnosis.problems().size());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
