package dev.warren.cli;

import dev.warren.libp2p.dht.Dht;
import java.io.IOException;
import java.time.Duration;

/** A node that stays in a network until the user stops it, and shows how it does there. */
final class DhtStay {
  private static final Duration FOR_TERMINALS = Duration.ofSeconds(1);
  private static final Duration FOR_PROGRAMS = Duration.ofMinutes(1);

  private final Session session;
  private final News news;

  DhtStay(Session session, News news) {
    this.session = session;
    this.news = news;
  }

  /** Returns when the user wishes to stop. */
  ExitCode in(Dht dht) throws IOException {
    Console console = session.console();
    var ongoing = new Ongoing<Void>(session, news);
    if (console.json()) {
      ongoing.every(
          FOR_PROGRAMS, () -> console.sayToPrograms(() -> DhtFigures.object(dht.stats())));
    } else if (console.interactive()) {
      ongoing.every(FOR_TERMINALS, () -> console.status(DhtFigures.line(dht.stats())));
    }
    ongoing.untilStopped();
    console.sayToPrograms(() -> JsonObject.event("stopped"));
    return ExitCode.INTERRUPTED;
  }
}
