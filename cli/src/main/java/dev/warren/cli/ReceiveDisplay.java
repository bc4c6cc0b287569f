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
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Shows how receiving goes: to people on the last line of the terminal, or in a line every ten
 * seconds where there is none; to programs as an object every second.
 */
final class ReceiveDisplay implements ReceivingListener {
  private static final Duration FOR_TERMINALS = Duration.ofMillis(200);
  private static final Duration FOR_PROGRAMS = Duration.ofMillis(900);
  private static final Duration FOR_FILES = Duration.ofSeconds(10);

  private final Session session;
  private final News news;
  private final Rate rate;
  private String lastFinding = ""; // of the command's thread

  ReceiveDisplay(Session session, News news) {
    this.session = session;
    this.news = news;
    rate = new Rate(session.time());
  }

  /** Shows how it goes again and again, until it has ended. */
  void follow(Receiving receiving, BooleanSupplier ended) {
    Duration interval =
        session.console().json()
            ? FOR_PROGRAMS
            : session.console().interactive() ? FOR_TERMINALS : FOR_FILES;
    Runnable show =
        new Runnable() {
          @Override
          public void run() {
            if (!ended.getAsBoolean() && !session.interruption().requested()) {
              news.tell(() -> show(receiving.progress()));
              var _ = session.time().after(interval, this);
            }
          }
        };
    var _ = session.time().after(interval, show);
  }

  private void show(ReceivingProgress progress) {
    double bytesPerSecond = rate.of(progress.doneBytes());
    if (session.console().json()) {
      session.console().sayToPrograms(() -> object(progress, bytesPerSecond));
      return;
    }
    switch (progress.state()) {
      case FINDING -> ways(progress.ways());
      case LISTING -> line("reading the list: %d files".formatted(progress.files()));
      case RECEIVING, PAUSED -> line(text(progress, bytesPerSecond));
      case ASKING, DONE, FAILED -> {}
    }
  }

  private void line(String text) {
    if (session.console().interactive()) {
      session.console().status(text);
    } else {
      session.console().note(text);
    }
  }

  static String text(ReceivingProgress progress, double bytesPerSecond) {
    long total = Math.max(1, progress.bytes());
    long left = Math.max(0, progress.bytes() - progress.doneBytes());
    String time =
        bytesPerSecond < 1 ? "" : " · " + seconds((long) (left / bytesPerSecond)) + " left";
    String sources =
        progress.sources().isEmpty()
            ? "waiting for the sharer"
            : progress.sources().stream()
                .map(source -> nameOf(source) + " (" + Printable.of(source.path()) + ")")
                .limit(3)
                .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%3d%% %s of %s · %d/%d files · %s/s%s · %s%s%s",
        100 * Math.min(progress.doneBytes(), total) / total,
        ByteSize.format(progress.doneBytes()),
        ByteSize.format(progress.bytes()),
        progress.doneFiles(),
        progress.files(),
        ByteSize.format((long) bytesPerSecond),
        time,
        sources,
        progress.hashing() ? " · the sharer still hashes" : "",
        progress.currentFile().isEmpty() ? "" : " · " + Printable.of(progress.currentFile()));
  }

  private static String seconds(long seconds) {
    return seconds < 100
        ? seconds + " s"
        : seconds < 6000 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }

  private static String nameOf(Source source) {
    return source
        .petname()
        .map(Printable::of)
        .orElseGet(() -> ReceiveCommand.shortId(source.peer()));
  }

  private JsonObject object(ReceivingProgress progress, double bytesPerSecond) {
    return JsonObject.event("progress")
        .with("state", progress.state().name().toLowerCase(Locale.ROOT))
        .with("files", progress.files())
        .with("bytes", progress.bytes())
        .with("done_files", progress.doneFiles())
        .with("done_bytes", progress.doneBytes())
        .with("received_bytes", progress.receivedBytes())
        .with("reused_bytes", progress.reusedBytes())
        .with("bytes_per_second", bytesPerSecond)
        .with("file", progress.currentFile())
        .with("sources", progress.sources().size());
  }

  /**
   * All is here.
   *
   * @param asNote whether standard output holds the content, so that nothing may be added to it
   */
  void summary(Received received, boolean asNote) {
    if (asNote) {
      session.console().note(text(received));
    } else {
      session.console().say(() -> text(received), () -> object(received));
    }
  }

  private static String text(Received received) {
    return String.format(
        Locale.ROOT,
        "Received %s: %d files, %s in %.1f s%s.",
        Printable.of(received.name()),
        received.files(),
        ByteSize.format(received.bytes()),
        seconds(received),
        received.reusedBytes() == 0
            ? ""
            : ", %s of it were here already".formatted(ByteSize.format(received.reusedBytes())));
  }

  private static JsonObject object(Received received) {
    return JsonObject.event("done")
        .with("name", received.name())
        .with("files", received.files())
        .with("bytes", received.bytes())
        .with("received_bytes", received.receivedBytes())
        .with("reused_bytes", received.reusedBytes())
        .with("seconds", seconds(received))
        .with("sources", received.sources());
  }

  private static double seconds(Received received) {
    return received.time().toNanos() / 1e9;
  }

  private void ways(List<Way> ways) {
    String text = ways.stream().map(ReceiveDisplay::text).collect(Collectors.joining(" · "));
    if (session.console().interactive()) {
      session.console().status(text);
    } else if (!text.equals(lastFinding)) {
      session.console().note(text);
    }
    lastFinding = text;
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
    return way.name()
        + " … "
        + (state.isEmpty() || detail.isEmpty() ? state + detail : state + ", " + detail);
  }

  // From the node's threads.

  @Override
  public void finding(List<Way> ways) {
    news.tell(
        () -> {
          if (session.console().json()) {
            session.console().sayToPrograms(() -> object(ways));
          } else {
            ways(ways);
          }
        });
  }

  @Override
  public void waitingForApproval() {
    say("approval", "Waiting for the sharer to say yes.");
  }

  @Override
  public void connected(PeerId source, String path) {
    news.tell(
        () -> {
          String text = "connected to %s (%s)".formatted(source, Printable.of(path));
          if (session.console().json()) {
            session
                .console()
                .sayToPrograms(
                    () ->
                        JsonObject.event("path")
                            .with("peer", source.toString())
                            .with("path", path));
          } else {
            session.console().note(text);
          }
        });
  }

  @Override
  public void lost(PeerId source, String reason, Duration retryAfter) {
    say(
        "lost",
        "%s is lost (%s); trying again in %d s"
            .formatted(source, Printable.of(reason), retryAfter.toSeconds()));
  }

  @Override
  public void dropped(PeerId source, String reason) {
    say("dropped", "%s is not used any more: %s".formatted(source, Printable.of(reason)));
  }

  private void say(String event, String sentence) {
    news.tell(
        () -> {
          if (session.console().json()) {
            session
                .console()
                .sayToPrograms(() -> JsonObject.event(event).with("message", sentence));
          } else {
            session.console().note(sentence);
          }
        });
  }

  private static JsonObject object(List<Way> ways) {
    return JsonObject.event("finding")
        .with("ways", ways.stream().map(ReceiveDisplay::text).toList());
  }
}
