package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.Received;
import dev.warren.node.Receiving;
import dev.warren.node.ReceivingListener;
import dev.warren.node.ReceivingProgress;
import dev.warren.node.ReceivingProgress.Source;
import dev.warren.node.Way;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Shows how receiving goes: to people on the last line of the terminal, or in a line every ten
 * seconds where there is none; to programs as an object every second.
 */
final class ReceiveDisplay implements ReceivingListener {
  private static final Duration FOR_TERMINALS = Duration.ofMillis(200);
  private static final Duration FOR_PROGRAMS = Duration.ofMillis(900);
  private static final Duration FOR_FILES = Duration.ofSeconds(10);

  /** How long one looks before there is reason to doubt. */
  private static final long DOUBT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int SOURCES_SHOWN = 3;

  private final Session session;
  private final Console console;
  private final News news;
  private final Rate rate;
  private final long beganNanos;

  // All that follow are of the command's thread.
  private String lastFinding = "";
  private boolean doubted;
  private boolean waitingForApproval;

  ReceiveDisplay(Session session, News news) {
    this.session = session;
    console = session.console();
    this.news = news;
    rate = new Rate(session.time());
    beganNanos = session.time().nanoTime();
  }

  /** Shows how it goes while it does. */
  void follow(Receiving receiving, Ongoing<?> ongoing) {
    if (console.json()) {
      ongoing.every(FOR_PROGRAMS, () -> console.sayToPrograms(() -> object(receiving.progress())));
    } else {
      Duration interval = console.interactive() ? FOR_TERMINALS : FOR_FILES;
      ongoing.every(interval, () -> show(receiving.progress()));
    }
  }

  private void show(ReceivingProgress progress) {
    double bytesPerSecond = rate.of(moved(progress));
    switch (progress.state()) {
      case FINDING -> {
        showWays(progress.ways());
        doubt();
      }
      case LISTING ->
          line(
              waitingForApproval
                  ? "waiting for the sharer to say yes"
                  : "reading the list: " + EntryLine.files(progress.files()));
      case RECEIVING, PAUSED -> line(text(progress, bytesPerSecond));
      case ASKING, DONE, FAILED -> {}
    }
  }

  /** What was here before is no sign of speed. */
  private static long moved(ReceivingProgress progress) {
    return progress.receivedBytes() + progress.reusedBytes();
  }

  private void line(String text) {
    if (console.interactive()) {
      console.status(text);
    } else {
      console.note(text);
    }
  }

  /** The most important comes first: what does not fit on the line is cut. */
  static String text(ReceivingProgress progress, double bytesPerSecond) {
    long total = Math.max(1, progress.bytes());
    long left = Math.max(0, progress.bytes() - progress.doneBytes());
    String time =
        bytesPerSecond < 1 ? "" : " · " + seconds((long) (left / bytesPerSecond)) + " left";
    return String.format(
        Locale.ROOT,
        "%3d%% of %s · %s/s%s · %s%s · %d/%d files%s",
        100 * Math.min(progress.doneBytes(), total) / total,
        ByteSize.format(progress.bytes()),
        ByteSize.format((long) bytesPerSecond),
        time,
        sources(progress.sources()),
        progress.hashing() ? " · the sharer still reads its files" : "",
        progress.doneFiles(),
        progress.files(),
        progress.currentFile().isEmpty() ? "" : " · " + Printable.of(progress.currentFile()));
  }

  private static String sources(List<Source> sources) {
    String shown =
        sources.stream()
            .limit(SOURCES_SHOWN)
            .map(source -> nameOf(source) + " (" + Printable.of(source.path()) + ")")
            .collect(Collectors.joining(", "));
    int more = sources.size() - SOURCES_SHOWN;
    return sources.isEmpty()
        ? "waiting for somebody who has it"
        : shown + (more > 0 ? " and " + more + " more" : "");
  }

  private static String seconds(long seconds) {
    return seconds < 100
        ? seconds + " s"
        : seconds < 6000 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }

  private static String nameOf(Source source) {
    return source.petname().map(Printable::of).orElse(nameOf(source.peer()));
  }

  private static String nameOf(PeerId peer) {
    String id = peer.toString();
    return "…" + id.substring(id.length() - 6);
  }

  private JsonObject object(ReceivingProgress progress) {
    return JsonObject.event("progress")
        .with("state", progress.state().name().toLowerCase(Locale.ROOT))
        .with("files", progress.files())
        .with("bytes", progress.bytes())
        .with("done_files", progress.doneFiles())
        .with("done_bytes", progress.doneBytes())
        .with("received_bytes", progress.receivedBytes())
        .with("reused_bytes", progress.reusedBytes())
        .with("sent_bytes", progress.sentBytes())
        .with("bytes_per_second", rate.of(moved(progress)))
        .with("file", progress.currentFile())
        .with("hashing", progress.hashing())
        .with("sources", progress.sources().size());
  }

  /**
   * It is over, or the user wishes that it were.
   *
   * @param asNote whether standard output holds the content, so that nothing may be added to it
   */
  void summary(Optional<Received> received, boolean asNote) {
    if (received.isEmpty()) {
      console.note("Stopped. Receiving the same again goes on from what is here.");
      console.sayToPrograms(() -> JsonObject.event("stopped"));
    } else if (asNote) {
      console.note(text(received.get()));
    } else {
      console.say(() -> text(received.get()), () -> object(received.get()));
    }
    received.filter(it -> it.gone() > 0).ifPresent(it -> console.note(gone(it)));
  }

  private static String gone(Received received) {
    long more = received.gone() - received.firstGone().size();
    return "%s could not be had, since the sharer does not have %s any more: %s%s. Ask for %s again."
        .formatted(
            EntryLine.files(received.gone()),
            received.gone() == 1 ? "it" : "them",
            Printable.of(String.join(", ", received.firstGone())),
            more > 0 ? " and %d more".formatted(more) : "",
            received.gone() == 1 ? "it" : "them");
  }

  private static String text(Received received) {
    return String.format(
        Locale.ROOT,
        "Received %s: %s, %s in %.1f s%s%s.",
        Printable.of(received.name()),
        EntryLine.files(received.files()),
        ByteSize.format(received.bytes()),
        seconds(received),
        received.reusedBytes() == 0
            ? ""
            : ", %s of it were here already".formatted(ByteSize.format(received.reusedBytes())),
        received.skipped() == 0
            ? ""
            : "; %s left out for what is here".formatted(EntryLine.files(received.skipped())));
  }

  private static JsonObject object(Received received) {
    return JsonObject.event("done")
        .with("name", received.name())
        .with("files", received.files())
        .with("bytes", received.bytes())
        .with("skipped", received.skipped())
        .with("gone", received.gone())
        .with("first_gone", received.firstGone())
        .with("received_bytes", received.receivedBytes())
        .with("reused_bytes", received.reusedBytes())
        .with("seconds", seconds(received))
        .with("sources", received.sources());
  }

  private static double seconds(Received received) {
    return received.time().toNanos() / 1e9;
  }

  private void showWays(List<Way> ways) {
    String text = text(ways);
    if (console.interactive()) {
      console.status(text);
    } else if (!text.equals(lastFinding)) {
      console.note(text);
    }
    lastFinding = text;
  }

  private void doubt() {
    if (!doubted && session.time().nanoTime() - beganNanos > DOUBT_NANOS) {
      doubted = true;
      console.note(
          "Nobody is found yet. Does the other one still share, and on the same network? A ticket"
              + " ('share --ticket') or --peer says where to look.");
    }
  }

  /** {@code LAN … found · ticket … 3 addresses · DHT … off}. */
  static String text(List<Way> ways) {
    return ways.stream().map(ReceiveDisplay::text).collect(Collectors.joining(" · "));
  }

  private static String text(Way way) {
    String state =
        switch (way.state()) {
          case OFF -> "off";
          case LOOKING -> "";
          case FOUND -> "found";
          case FAILED -> "failed";
        };
    String detail = Printable.of(way.detail());
    String both = state.isEmpty() || detail.isEmpty() ? state + detail : state + ", " + detail;
    return both.isEmpty() ? way.name() + " …" : way.name() + " … " + both;
  }

  // From the node's threads.

  @Override
  public void finding(List<Way> ways) {
    news.tell(
        () -> {
          console.sayToPrograms(
              () ->
                  JsonObject.event("finding")
                      .with("ways", ways.stream().map(ReceiveDisplay::text).toList()));
          if (!console.json()) {
            showWays(ways);
          }
        });
  }

  @Override
  public void found(PeerId sharer, String path) {
    news.tell(
        () -> {
          if (console.interactive() && !console.json()) {
            console.note(lastFinding); // which was on the line of the status
          }
        });
  }

  @Override
  public void waitingForApproval() {
    news.tell(() -> waitingForApproval = true);
    say("approval", "Waiting for the sharer to say yes.");
  }

  @Override
  public void connected(PeerId source, String path) {
    news.tell(
        () -> {
          waitingForApproval = false;
          console.note("Connected to %s (%s).".formatted(source, Printable.of(path)));
          console.sayToPrograms(
              () -> JsonObject.event("path").with("peer", source.toString()).with("path", path));
        });
  }

  @Override
  public void lost(PeerId source, String reason, Duration retryAfter) {
    String first = reason.lines().findFirst().orElse("").replaceFirst(":$", ""); // no addresses
    say(
        "lost",
        "%s is lost (%s); trying again in %d s."
            .formatted(nameOf(source), first, Math.max(1, retryAfter.toSeconds())));
  }

  @Override
  public void dropped(PeerId source, String reason) {
    say("dropped", "%s is not used any more: %s.".formatted(nameOf(source), reason));
  }

  private void say(String event, String sentence) {
    news.tell(
        () -> {
          console.note(Printable.of(sentence));
          console.sayToPrograms(() -> JsonObject.event(event).with("message", sentence));
        });
  }
}
