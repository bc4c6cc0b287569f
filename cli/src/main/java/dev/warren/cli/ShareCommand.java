package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.Approval;
import dev.warren.node.Node;
import dev.warren.node.Receiver;
import dev.warren.node.ShareCodes;
import dev.warren.node.ShareOptions;
import dev.warren.node.Sharing;
import dev.warren.node.SharingListener;
import dev.warren.node.SharingProgress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shares files until the user, the time or the number of receivers ends it. */
@Command(
    name = "share",
    description = {
      "Share files and folders by a short code, until Ctrl-C.",
      "",
      "The code is there at once; whoever has it receives with 'warren receive CODE'. What a"
          + " .warrenignore file names, as git's ignore files do, is left out."
    },
    footer = {
      "",
      "Examples:",
      "  warren share mods/",
      "  warren share --once --expires 2h map.zip readme.txt",
      "  echo 'see you at eight' | warren share -",
      "",
      "Exit codes: 0 all receivers that were wanted have it or its time is over, 1 failed,",
      "130 ended by Ctrl-C."
    })
final class ShareCommand implements Callable<Integer> {
  private static final Duration STATUS_INTERVAL = Duration.ofMillis(250);

  @Mixin private final PeerOptions peer = new PeerOptions();

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "What to share; - shares what comes on standard input.")
  private List<Path> paths = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What receivers are told that it is. Default: the name of the first path.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "A note for your own list of shares.")
  private String description = "";

  @Option(
      names = "--as",
      paramLabel = "FILENAME",
      description = "What the file is called that standard input or --text becomes.")
  private Optional<String> fileName = Optional.empty();

  @Option(names = "--text", paramLabel = "TEXT", description = "Share this text.")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "Leave out what matches, as in .gitignore. May be given several times.")
  private List<String> exclude = List.of();

  @Option(names = "--once", description = "End when one has received all of it.")
  private boolean once;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End when so many have received all of it.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "End after some time, as in 30m, 2h or 7d.")
  private Optional<Duration> expires = Optional.empty();

  @Option(names = "--approve", description = "Ask before each receiver gets anything.")
  private boolean approve;

  @Option(
      names = "--limit-up",
      paramLabel = "SIZE",
      description = "Send no more than this in a second, as in 500KiB.")
  private Optional<ByteSize> limitUp = Optional.empty();

  @Option(
      names = "--new",
      description = "Make a new code also where a share of the same paths was cut off.")
  private boolean fresh;

  @Option(
      names = "--ticket",
      description = "Show the ticket, which needs no finding on the network and holds the key.")
  private boolean ticket;

  @Option(names = "--legacy", description = "Show a code SHARECODE:KEY:IP:PORT as well.")
  private boolean legacy;

  @Option(
      names = "--no-words",
      description = "Make no code of words, so that nobody can look for the share or guess at it.")
  private boolean noWords;

  @Spec private @Nullable CommandSpec spec;

  private final Session session;
  private final NodeStarter nodes;
  private final News news = new News();
  private final AtomicReference<Optional<Sharing.End>> end =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<IOException>> failure =
      new AtomicReference<>(Optional.empty());

  ShareCommand(Session session, NodeStarter nodes) {
    this.session = session;
    this.nodes = nodes;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    ShareOptions options = options();
    try (Node node = nodes.start(peer.config(session));
        Sharing sharing = node.share(options);
        var _ = session.interruption().onRequest(news::wake)) {
      announce(sharing);
      Thread.ofVirtual().name("share-end").start(() -> awaitEnd(sharing));
      scheduleStatus(sharing);
      news.until(() -> ended() || session.interruption().requested());
      session.console().endStatus();
      return result(sharing).number();
    } catch (InterruptedException _) {
      return ExitCode.INTERRUPTED.number(); // nobody else has this thread
    }
  }

  private ShareOptions options() throws CommandFailure {
    ShareOptions options = source();
    name.ifPresent(options::name);
    options
        .description(description)
        .exclude(exclude)
        .words(!noWords)
        .legacy(legacy)
        .fresh(fresh)
        .listener(new Told());
    expires.ifPresent(options::expires);
    limitUp.ifPresent(limit -> options.limitUp(limit.bytes()));
    if (once || count.isPresent()) {
      options.receivers(count.orElse(1));
    }
    if (approve) {
      options.approval(approval());
    }
    return options;
  }

  private ShareOptions source() throws CommandFailure {
    boolean input = paths.equals(List.of(Path.of("-")));
    if (text.isPresent() ? !paths.isEmpty() : paths.isEmpty()) {
      throw usage(
          text.isPresent()
              ? "Give either --text or paths."
              : "Say what to share: files, folders, - or --text.");
    }
    if (count.filter(number -> number < 1).isPresent()) {
      throw usage("--count must be at least 1.");
    }
    if (text.isPresent()) {
      byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
      return ShareOptions.ofContent(fileName.orElse("text.txt"), new ByteArrayInputStream(bytes));
    }
    return input
        ? ShareOptions.ofContent(fileName.orElse("stdin"), System.in)
        : ShareOptions.of(paths);
  }

  private RuntimeException usage(String sentence) {
    if (spec == null) {
      return new IllegalStateException(sentence);
    }
    return new ParameterException(spec.commandLine(), sentence);
  }

  private Approval approval() throws CommandFailure {
    Question question = new Question(session.console());
    if (!question.canBeAsked()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "With --approve somebody has to answer, and there is no terminal.",
          "Run it in a terminal, or leave --approve out.");
    }
    return (PeerId receiver, Optional<String> petname) ->
        question.yes("Let %s receive?".formatted(petname.map(Printable::of).orElse("" + receiver)));
  }

  private void announce(Sharing sharing) {
    ShareCodes codes = sharing.codes();
    String paste = "warren receive " + codes.shortest();
    session
        .console()
        .say(
            () -> paste,
            () -> {
              JsonObject event = JsonObject.event("code").with("share", sharing.id().text());
              codes.words().ifPresent(words -> event.with("words", words.toString()));
              event.with("ticket", codes.ticket().toString());
              codes.legacy().ifPresent(code -> event.with("legacy", code.toString()));
              return event.with("continued", sharing.continued());
            });
    if (session.console().json()) {
      return;
    }
    session.console().copy(paste);
    if (ticket && codes.words().isPresent()) {
      session.console().sayToPeople("warren receive " + codes.ticket());
    }
    codes.legacy().ifPresent(code -> session.console().sayToPeople("warren receive " + code));
    session
        .console()
        .note(
            (sharing.continued()
                    ? "Sharing %s again, with the code that it had. Ctrl-C ends it."
                    : "Sharing %s. Ctrl-C ends it.")
                .formatted(Printable.of(sharing.name())));
  }

  private void awaitEnd(Sharing sharing) {
    try {
      end.set(Optional.of(sharing.await()));
    } catch (IOException e) {
      failure.set(Optional.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    news.wake();
  }

  private boolean ended() {
    return end.get().isPresent() || failure.get().isPresent();
  }

  private ExitCode result(Sharing sharing) throws IOException {
    if (failure.get().isPresent()) {
      throw failure.get().get();
    }
    if (end.get().isEmpty()) {
      session.console().sayToPrograms(() -> JsonObject.event("stopped"));
      return ExitCode.INTERRUPTED;
    }
    Sharing.End why = end.get().get();
    long finished = sharing.receivers().stream().filter(Receiver::finished).count();
    session
        .console()
        .say(
            () ->
                switch (why) {
                  case RECEIVED ->
                      "Received by %d; the code is good for nothing any more.".formatted(finished);
                  case EXPIRED -> "Its time is over; received by %d.".formatted(finished);
                  case CLOSED -> "Ended; received by %d.".formatted(finished);
                },
            () ->
                JsonObject.event("ended")
                    .with("reason", why.name().toLowerCase(Locale.ROOT))
                    .with("receivers", finished));
    return ExitCode.DONE;
  }

  private void scheduleStatus(Sharing sharing) {
    if (!session.console().json() && !session.console().interactive()) {
      return;
    }
    Duration interval = session.console().json() ? Duration.ofSeconds(1) : STATUS_INTERVAL;
    var rate = new Rate(session.time());
    Runnable show =
        new Runnable() {
          @Override
          public void run() {
            if (!ended() && !session.interruption().requested()) {
              news.tell(() -> status(sharing.progress(), rate, sharing));
              var _ = session.time().after(interval, this);
            }
          }
        };
    var _ = session.time().after(interval, show);
  }

  private void status(SharingProgress progress, Rate rate, Sharing sharing) {
    double bytesPerSecond = rate.of(progress.sentBytes());
    long here = sharing.receivers().stream().filter(Receiver::connected).count();
    if (session.console().json()) {
      session
          .console()
          .sayToPrograms(
              () ->
                  JsonObject.event("progress")
                      .with("files", progress.files())
                      .with("bytes", progress.bytes())
                      .with("listed", progress.listed())
                      .with("hashed_bytes", progress.hashedBytes())
                      .with("sent_bytes", progress.sentBytes())
                      .with("receivers", here));
      return;
    }
    String hashing =
        progress.hashed()
            ? ""
            : "hashing %d%% · "
                .formatted(100 * progress.hashedBytes() / Math.max(1, progress.bytes()));
    session
        .console()
        .status(
            "%s%d files, %s%s · %d receiving · %s/s"
                .formatted(
                    hashing,
                    progress.files(),
                    ByteSize.format(progress.bytes()),
                    progress.listed() ? "" : "…",
                    here,
                    ByteSize.format((long) bytesPerSecond)));
  }

  /** Passes on what happens, to people and programs. */
  private final class Told implements SharingListener {
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
        about("left", "- %s is gone (%s)", receiver);
      }
    }

    @Override
    public void hashed() {
      news.tell(() -> session.console().sayToPrograms(() -> JsonObject.event("hashed")));
    }

    @Override
    public void wrongWords(int triesLeft) {
      warn("Somebody tried wrong words; %d tries are left.".formatted(triesLeft));
    }

    @Override
    public void burnt() {
      warn(
          "Wrong words were tried too often: the code of words is good for nothing any more."
              + " Share again for a new one.");
    }

    @Override
    public void warning(String sentence) {
      warn(sentence);
    }

    private void about(String event, String sentence, Receiver receiver) {
      String who = receiver.petname().orElse(receiver.peer().toString());
      news.tell(
          () -> {
            if (session.console().json()) {
              session
                  .console()
                  .sayToPrograms(
                      () ->
                          JsonObject.event(event)
                              .with("peer", receiver.peer().toString())
                              .with("path", receiver.path())
                              .with("sent_bytes", receiver.sentBytes()));
            } else {
              session
                  .console()
                  .note(sentence.formatted(Printable.of(who), Printable.of(receiver.path())));
            }
          });
    }

    private void warn(String sentence) {
      news.tell(
          () -> {
            session.console().note("warren: " + Printable.of(sentence));
            session
                .console()
                .sayToPrograms(() -> JsonObject.event("warning").with("message", sentence));
          });
    }
  }
}
