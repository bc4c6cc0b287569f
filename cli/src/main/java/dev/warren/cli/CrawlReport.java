package dev.warren.cli;

import dev.warren.libp2p.dht.Crawled;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts who was met on a walk through a network. For one thread at a time. */
final class CrawlReport {
  private static final String SILENT = "(does not say)";

  /** Anybody can call their program anything. */
  private static final int MAX_AGENTS = 1000;

  private static final int SHOWN_AGENTS = 10;
  private static final long STATUS_EVERY_NANOS = 250_000_000;

  private final Session session;
  private final Console console;
  private final long beginNanos;
  private final Map<String, Integer> agents = new HashMap<>();
  private long statusNanos;
  private int reached;
  private int unreached;

  CrawlReport(Session session) {
    this.session = session;
    console = session.console();
    beginNanos = session.time().nanoTime();
    statusNanos = beginNanos;
  }

  /** Takes down one peer. */
  void add(Crawled peer) {
    if (peer.answered()) {
      reached++;
      String agent = peer.agent().orElse(SILENT);
      if (agents.size() < MAX_AGENTS || agents.containsKey(agent)) {
        agents.merge(agent, 1, Integer::sum);
      }
    } else {
      unreached++;
    }
    if (console.verbose()) {
      console.sayToPeople(line(peer));
    }
    console.sayToPrograms(() -> object(peer));
    long now = session.time().nanoTime();
    if (console.interactive() && now - statusNanos >= STATUS_EVERY_NANOS) {
      statusNanos = now;
      console.status("%d answered · %d did not".formatted(reached, unreached));
    }
  }

  private static String line(Crawled peer) {
    String agent = Printable.of(peer.agent().orElse(""));
    return "%s %s %s".formatted(peer.answered() ? "✓" : "-", peer.contact().peer(), agent).strip();
  }

  private static JsonObject object(Crawled peer) {
    JsonObject object =
        JsonObject.event("peer")
            .with("peer", peer.contact().peer().toString())
            .with("answered", peer.answered())
            .with("named", peer.named());
    peer.agent().ifPresent(agent -> object.with("agent", agent));
    return object.with(
        "addresses", peer.contact().addresses().stream().map(Multiaddr::toString).toList());
  }

  /** Says what came of it. */
  void end(boolean complete) {
    double seconds = (session.time().nanoTime() - beginNanos) / 1e9;
    console.endStatus();
    List<Map.Entry<String, Integer>> sorted =
        agents.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    console.sayToPeople(
        String.format(
            Locale.ROOT,
            "%d peers in %.1f s%s: %d answered, %d did not.",
            reached + unreached,
            seconds,
            complete ? "" : ", and not all",
            reached,
            unreached));
    sorted.stream()
        .limit(SHOWN_AGENTS)
        .forEach(
            agent ->
                console.sayToPeople(
                    "%7d  %s".formatted(agent.getValue(), Printable.of(agent.getKey()))));
    sorted.forEach(
        agent ->
            console.sayToPrograms(
                () ->
                    JsonObject.event("agent")
                        .with("agent", agent.getKey())
                        .with("peers", agent.getValue())));
    console.sayToPrograms(
        () ->
            JsonObject.event("crawled")
                .with("peers", reached + unreached)
                .with("answered", reached)
                .with("unanswered", unreached)
                .with("complete", complete)
                .with("seconds", seconds));
  }
}
