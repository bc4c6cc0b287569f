package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.Approval;
import dev.warren.node.Node;
import dev.warren.node.ShareOptions;
import dev.warren.node.Sharing;
import dev.warren.node.Warren;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shares files until the user, the time or the number of receivers ends it. */
@Command(
    name = "share",
    description = {
      "Share files and folders by a short code, until Ctrl-C.",
      "",
      "The code is there at once, and copied where the terminal allows it; whoever has it receives"
          + " with 'warren receive CODE'. What a .warrenignore file names, as git's ignore files do,"
          + " is left out."
    },
    footer = {
      "",
      "Examples:",
      "  warren share mods/",
      "  warren share --once --expires 2h map.zip readme.txt",
      "  warren share --dry-run --exclude '*.sav' ~/mygame",
      "  echo 'see you at eight' | warren share -",
      "",
      "Exit codes: 0 all receivers that were wanted have it or its time is over, 1 failed,",
      "2 wrong usage, 130 ended by Ctrl-C."
    })
final class ShareCommand implements Callable<Integer> {
  /** By then a node knows how it can be reached. */
  private static final Duration NETWORK_PATIENCE = Duration.ofSeconds(20);

  private static final Path INPUT = Path.of("-");

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
      description = "What receivers are told of it before they agree.")
  private Optional<String> description = Optional.empty();

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

  @Option(
      names = "--dry-run",
      description = "Show what would be shared and what is left out, and share nothing.")
  private boolean dryRun;

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

  @Mixin private final CodeForms forms = new CodeForms();

  private final Session session;
  private final NodeStarter nodes;
  private final News news = new News();

  ShareCommand(Session session, NodeStarter nodes) {
    this.session = session;
    this.nodes = nodes;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    checkCombinations();
    checkValues();
    ShareOptions options = source();
    name.ifPresent(options::name);
    description.ifPresent(options::description);
    options.exclude(exclude);
    if (dryRun) {
      var preview = new SharePreviewDisplay(session.console());
      Warren.preview(options, preview);
      preview.end();
      return ExitCode.DONE.number();
    }
    var display = new ShareDisplay(session, news, forms);
    options.words(forms.words()).legacy(forms.legacy()).fresh(fresh).listener(display);
    expires.ifPresent(options::expires);
    limitUp.ifPresent(limit -> options.limitUp(limit.bytes()));
    count.or(() -> once ? Optional.of(1) : Optional.empty()).ifPresent(options::receivers);
    if (approve) {
      options.approval(approval());
    }
    return share(options, display).number();
  }

  private ExitCode share(ShareOptions options, ShareDisplay display)
      throws IOException, CommandFailure {
    if (readsInput() && session.console().terminals().input()) {
      session.console().note("Type what to share; Ctrl-D on a line of its own ends it.");
    }
    if (readsInput()) {
      session.console().note("The code comes when all of standard input has been read.");
    }
    session.interruption().distinguishSystem();
    try (Node node = nodes.start(peer.config(session))) {
      Sharing sharing = node.share(options);
      try {
        display.announce(sharing);
        var ongoing = new Ongoing<Sharing.End>(session, news);
        display.follow(sharing, ongoing);
        Optional<Sharing.End> end;
        try (var _ = session.time().after(NETWORK_PATIENCE, () -> look(node))) {
          end = ongoing.await(sharing::await);
        }
        display.summary(sharing, end);
        return end.isPresent() ? ExitCode.DONE : ExitCode.INTERRUPTED;
      } finally {
        // Whoever ends it by Ctrl-C means it; after a restart of the machine it can go on.
        if (!session.interruption().bySystem() || sharesContent()) {
          sharing.close();
        }
      }
    }
  }

  /** Whoever waits for a receiver in vain should know why. */
  private void look(Node node) {
    news.tell(() -> NetworkProblems.tell(session, node));
  }

  private boolean sharesContent() {
    return text.isPresent() || readsInput();
  }

  private boolean readsInput() {
    return paths.contains(INPUT);
  }

  /** What cannot be had together, or would have no effect, is not passed over. */
  private void checkCombinations() throws CommandFailure {
    boolean content = sharesContent();
    if (text.isPresent() && !paths.isEmpty()) {
      throw CommandFailure.usage("Give either --text or paths.", "Share one, then the other.");
    }
    if (text.isEmpty() && paths.isEmpty()) {
      throw CommandFailure.usage(
          "There is nothing to share.", "Name files or folders, - for standard input, or --text.");
    }
    if (readsInput() && paths.size() > 1) {
      throw CommandFailure.usage(
          "Standard input, -, cannot be shared together with paths.",
          "Share one, then the other; ./- is a file of that name.");
    }
    if (fileName.isPresent() && !content) {
      throw CommandFailure.usage(
          "--as is for standard input and --text: files keep their names.",
          "Leave it out, or say with --name what the share is called.");
    }
    if (content && (!exclude.isEmpty() || dryRun || fresh)) {
      throw CommandFailure.usage(
          "--exclude, --dry-run and --new are for files and folders.",
          "Leave them out with standard input and --text.");
    }
    if (once && count.isPresent()) {
      throw CommandFailure.usage("--once is --count 1.", "Give one of them.");
    }
    if (approve && !session.console().canAsk()) {
      throw CommandFailure.usage(
          "With --approve somebody has to answer, and "
              + (session.console().json() ? "--json is for programs." : "there is no terminal."),
          "Run it in a terminal without --json, or leave --approve out.");
    }
  }

  private void checkValues() throws CommandFailure {
    if (count.filter(number -> number < 1).isPresent()) {
      throw CommandFailure.usage("--count must be at least 1.", "--once is for one.");
    }
    if (expires.filter(Duration::isZero).isPresent()) {
      throw CommandFailure.usage("--expires must be more than nothing.", "Say 30m, 2h or 7d.");
    }
    if (limitUp.filter(limit -> limit.bytes() == 0).isPresent()) {
      throw CommandFailure.usage("--limit-up must be more than nothing.", "Say 500KiB or 2MiB.");
    }
    checkText("--name", name);
    checkText("--description", description);
    if (fileName.isPresent()) {
      try {
        if (fileName.get().contains("/")) {
          throw new HostileNameException(fileName.get(), "is a path");
        }
        EntryPath.parse(fileName.get());
      } catch (HostileNameException e) {
        throw CommandFailure.usage(
            "Not every system can have a file called that: %s.".formatted(e.getMessage()),
            "Choose another name with --as.");
      }
    }
  }

  private static void checkText(String option, Optional<String> text) throws CommandFailure {
    if (text.filter(String::isBlank).isPresent()) {
      throw CommandFailure.usage(option + " is empty.", "Leave it out, or say something.");
    }
    if (text.filter(it -> it.codePoints().count() > ShareOptions.MAX_TEXT).isPresent()) {
      throw CommandFailure.usage(
          "%s has more than %d characters.".formatted(option, ShareOptions.MAX_TEXT),
          "Say it shorter; --text shares texts of any length.");
    }
  }

  private ShareOptions source() {
    if (text.isPresent()) {
      byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
      return ShareOptions.ofContent(fileName.orElse("text.txt"), new ByteArrayInputStream(bytes));
    }
    return readsInput()
        ? ShareOptions.ofContent(fileName.orElse("stdin"), session.console().in())
        : ShareOptions.of(paths);
  }

  private Approval approval() {
    var question = new Question(session);
    return (PeerId receiver, Optional<String> petname) ->
        question.yes("Let %s receive?".formatted(petname.map(Printable::of).orElse("" + receiver)));
  }
}
