package dev.warren.cli;

import dev.warren.node.Announced;
import dev.warren.node.Receiver;
import dev.warren.node.ShareCodes;
import dev.warren.node.Sharing;
import dev.warren.node.SharingListener;
import dev.warren.node.SharingProgress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Shows the code of a share, and how sharing goes, to people and programs. */
final class ShareDisplay implements SharingListener {
  private static final Duration FOR_TERMINALS = Duration.ofMillis(250);
  private static final Duration FOR_PROGRAMS = Duration.ofMillis(900);

  private final Session session;
  private final Console console;
  private final News news;
  private final CodeForms forms;

  ShareDisplay(Session session, News news, CodeForms forms) {
    this.session = session;
    console = session.console();
    this.news = news;
    this.forms = forms;
  }

  /** Shows the codes that are wanted, on lines to be pasted as they are. */
  void announce(Sharing sharing) {
    ShareCodes codes = sharing.codes();
    if (console.json()) {
      console.sayToPrograms(() -> object(sharing, codes));
      return;
    }
    codes.words().ifPresent(this::offer);
    if (forms.ticket()) {
      offer(codes.ticket());
    }
    codes.legacy().ifPresent(this::offer);
    if (forms.legacy() && codes.legacy().isEmpty()) {
      console.note("warren: there is no legacy code, since no address of this node fits into one.");
    }
    if (codes.words().isEmpty() && !forms.ticket() && codes.legacy().isEmpty()) {
      offer(codes.ticket()); // words that were guessed at too often are none
    }
    if (forms.qr()) {
      console.sayToPeople(QrCode.of(codes.ticket().toQrText(), console.coloured()).stripTrailing());
    }
    console.copy(paste(codes.shortest()));
    console.note(
        (sharing.continued()
                ? "Sharing %s again, with the code that it had. Ctrl-C ends it."
                : "Sharing %s. Ctrl-C ends it.")
            .formatted(Printable.of(sharing.name())));
  }

  private void offer(Object code) {
    console.sayToPeople(paste(code));
  }

  private static String paste(Object code) {
    return "warren receive " + code;
  }

  private JsonObject object(Sharing sharing, ShareCodes codes) {
    JsonObject event = JsonObject.event("code").with("share", sharing.id().text());
    codes.words().ifPresent(words -> event.with("words", words.toString()));
    event.with("ticket", codes.ticket().toString());
    codes.legacy().ifPresent(code -> event.with("legacy", code.toString()));
    if (forms.qr()) {
      event.with("qr", codes.ticket().toQrText());
    }
    return event.with("name", sharing.name()).with("continued", sharing.continued());
  }

  /** Shows how it goes while it does: to people on the last line, to programs every second. */
  void follow(Sharing sharing, Ongoing<?> ongoing) {
    var rate = new Rate(session.time());
    if (console.json()) {
      ongoing.every(FOR_PROGRAMS, () -> console.sayToPrograms(() -> object(sharing, rate)));
    } else if (console.interactive()) {
      ongoing.every(FOR_TERMINALS, () -> console.status(text(sharing, rate)));
    }
  }

  private static JsonObject object(Sharing sharing, Rate rate) {
    SharingProgress progress = sharing.progress();
    return JsonObject.event("progress")
        .with("files", progress.files())
        .with("bytes", progress.bytes())
        .with("listed", progress.listed())
        .with("hashed_bytes", progress.hashedBytes())
        .with("hashed", progress.hashed())
        .with("sent_bytes", progress.sentBytes())
        .with("bytes_per_second", rate.of(progress.sentBytes()))
        .with("receivers", connected(sharing));
  }

  private static String text(Sharing sharing, Rate rate) {
    SharingProgress progress = sharing.progress();
    String hashing =
        progress.hashed()
            ? ""
            : " · hashing %d%% %s"
                .formatted(
                    100 * progress.hashedBytes() / Math.max(1, progress.bytes()),
                    Printable.of(progress.currentFile()));
    return "%d receiving · %s/s · %s, %s%s%s"
        .formatted(
            connected(sharing),
            ByteSize.format((long) rate.of(progress.sentBytes())),
            EntryLine.files(progress.files()),
            ByteSize.format(progress.bytes()),
            progress.listed() ? "" : " so far",
            hashing);
  }

  private static long connected(Sharing sharing) {
    return sharing.receivers().stream().filter(Receiver::connected).count();
  }

  /** It is over, or the user wishes that it were. */
  void summary(Sharing sharing, Optional<Sharing.End> end) {
    if (end.isEmpty()) {
      console.sayToPrograms(() -> JsonObject.event("stopped"));
      return;
    }
    long finished = sharing.receivers().stream().filter(Receiver::finished).count();
    console.say(
        () ->
            switch (end.get()) {
              case RECEIVED ->
                  "Received by %d; the code is good for nothing any more.".formatted(finished);
              case EXPIRED -> "Its time is over; received by %d.".formatted(finished);
              case CLOSED -> "Ended; received by %d.".formatted(finished);
            },
        () ->
            JsonObject.event("ended")
                .with("reason", end.get().name().toLowerCase(Locale.ROOT))
                .with("receivers", finished));
  }

  // From the node's threads.

  @Override
  public void joined(Receiver receiver) {
    about("joined", "+ %s receives (%s)", receiver);
  }

  @Override
  public void finished(Receiver receiver) {
    about("finished", "✓ %s has all of it (%s)", receiver);
  }

  @Override
  public void left(Receiver receiver) {
    if (!receiver.finished()) {
      about("left", "- %s is gone, and may come back (%s)", receiver);
    }
  }

  @Override
  public void hashed() {
    news.tell(() -> console.sayToPrograms(() -> JsonObject.event("hashed")));
  }

  @Override
  public void announced(Announced announced) {
    double seconds = announced.took().toMillis() / 1e3;
    news.tell(
        () -> {
          console.note(
              "%s: the code can be found after %.1f s, by %d of %d peers."
                  .formatted(announced.place(), seconds, announced.peers(), announced.asked()));
          console.sayToPrograms(
              () ->
                  JsonObject.event("announced")
                      .with("place", announced.place())
                      .with("peers", announced.peers())
                      .with("asked", announced.asked())
                      .with("seconds", seconds));
        });
  }

  @Override
  public void wrongWords(int triesLeft) {
    warn("somebody tried wrong words; %d tries are left".formatted(triesLeft));
  }

  @Override
  public void burnt() {
    warn(
        "wrong words were tried too often: the code of words is good for nothing any more."
            + " Share again for another one, files with --new");
  }

  @Override
  public void warning(String sentence) {
    warn(sentence);
  }

  private void about(String event, String sentence, Receiver receiver) {
    String who = receiver.petname().orElse(receiver.peer().toString());
    news.tell(
        () -> {
          console.sayToPrograms(
              () ->
                  JsonObject.event(event)
                      .with("peer", receiver.peer().toString())
                      .with("path", receiver.path())
                      .with("sent_bytes", receiver.sentBytes()));
          console.note(sentence.formatted(Printable.of(who), Printable.of(receiver.path())));
        });
  }

  private void warn(String sentence) {
    news.tell(
        () -> {
          console.note("warren: " + Printable.of(sentence) + ".");
          console.sayToPrograms(() -> JsonObject.event("warning").with("message", sentence));
        });
  }
}
