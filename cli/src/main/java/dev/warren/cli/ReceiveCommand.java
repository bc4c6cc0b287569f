package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.Node;
import dev.warren.node.ReceiveOptions;
import dev.warren.node.Received;
import dev.warren.node.Receiving;
import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.ShareCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Receives what a code leads to. */
@Command(
    name = "receive",
    description = {
      "Receive what somebody shares.",
      "",
      "A code on the command line can be seen by other users of this computer. Without one, it is"
          + " taken from the variable WARREN_CODE, asked for, or read from standard input.",
      "",
      "Receiving the same again goes on from what is here."
    },
    footer = {
      "",
      "Examples:",
      "  warren receive 4821-otter-violet-canoe",
      "  warren receive -o ~/mods --only '*.pak' 4821-otter-violet-canoe",
      "",
      "Exit codes: 0 all of it is here, 1 failed, 3 the sharer was not found or not reached,",
      "4 refused or wrong code, 5 what came is damaged or forged, 130 stopped by Ctrl-C."
    })
final class ReceiveCommand implements Callable<Integer> {
  static final String VARIABLE = "WARREN_CODE";

  @Mixin private final PeerOptions peer = new PeerOptions();

  @Parameters(paramLabel = "CODE", arity = "0..*", description = "Words, ticket or legacy code.")
  private List<String> code = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where to put it. Nothing in there is deleted. Default: here.")
  private Path directory = Path.of("");

  @Option(names = "--stdout", description = "Write the one file of the share to standard output.")
  private boolean stdout;

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      description = "Receive only what matches, as in .gitignore. May be given several times.")
  private List<String> only = List.of();

  @Option(names = "--list", description = "Show what is shared and receive nothing.")
  private boolean list;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before receiving.")
  private boolean yes;

  @ArgGroup private final Conflicts conflicts = new Conflicts();

  /** What to do where a different file is in the way. */
  static final class Conflicts {
    @Option(names = "--overwrite", description = "Replace files that are there and differ.")
    private boolean overwrite;

    @Option(
        names = "--rename",
        description = "Put files beside those that are there and differ, as in 'map (1).zip'.")
    private boolean rename;

    @Option(names = "--skip", description = "Leave out files that are there and differ.")
    private boolean skip;

    Optional<ConflictPolicy> policy() {
      if (overwrite) {
        return Optional.of(ConflictPolicy.OVERWRITE);
      }
      if (rename) {
        return Optional.of(ConflictPolicy.RENAME);
      }
      return skip ? Optional.of(ConflictPolicy.SKIP) : Optional.empty();
    }
  }

  @Option(
      names = "--peer",
      paramLabel = "MULTIADDR",
      description = "Look for the sharer at this address too. May be given several times.")
  private List<Multiaddr> peers = List.of();

  @Option(names = "--no-seed", description = "Let no other receiver fetch from here.")
  private boolean noSeed;

  @Option(
      names = "--limit-down",
      paramLabel = "SIZE",
      description = "Receive no more than this in a second, as in 2MiB.")
  private Optional<ByteSize> limitDown = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to look for the sharer. Default: 60.")
  private Optional<Duration> timeout = Optional.empty();

  private final Session session;
  private final NodeStarter nodes;
  private final News news = new News();
  private final AtomicReference<Optional<Received>> received =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<IOException>> failure =
      new AtomicReference<>(Optional.empty());

  ReceiveCommand(Session session, NodeStarter nodes) {
    this.session = session;
    this.nodes = nodes;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    if (stdout && session.console().json()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--stdout and --json cannot both have standard output.",
          "Leave one of them out.");
    }
    ShareCode parsed = parse(codeText());
    var display = new ReceiveDisplay(session, news);
    var consent = new ReceiveConsent(session, yes || stdout, list, conflicts.policy());
    ReceiveOptions options =
        ReceiveOptions.of(parsed)
            .only(only)
            .peers(peers)
            .seed(!noSeed)
            .consent(consent)
            .listener(display);
    if (stdout) {
      options.into(System.out);
    } else {
      options.into(directory);
    }
    timeout.ifPresent(options::timeout);
    limitDown.ifPresent(limit -> options.limitDown(limit.bytes()));
    try (Node node = nodes.start(peer.config(session));
        Receiving receiving = node.receive(options);
        var _ = session.interruption().onRequest(news::wake)) {
      Thread.ofVirtual().name("receive-end").start(() -> awaitEnd(receiving));
      display.follow(receiving, this::ended);
      news.until(() -> ended() || session.interruption().requested());
      session.console().endStatus();
      return result(consent, display);
    } catch (InterruptedException _) {
      return ExitCode.INTERRUPTED.number(); // nobody else has this thread
    }
  }

  private void awaitEnd(Receiving receiving) {
    try {
      received.set(Optional.of(receiving.await()));
    } catch (IOException e) {
      failure.set(Optional.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    news.wake();
  }

  private boolean ended() {
    return received.get().isPresent() || failure.get().isPresent();
  }

  private int result(ReceiveConsent consent, ReceiveDisplay display) throws IOException {
    if (received.get().isPresent()) {
      display.summary(received.get().get(), stdout);
      return ExitCode.DONE.number();
    }
    if (failure.get().isPresent()) {
      if (consent.listed()) {
        return ExitCode.DONE.number(); // that was all that was wanted
      }
      throw failure.get().get();
    }
    session.console().note("Stopped. Receiving the same again goes on from what is here.");
    session.console().sayToPrograms(() -> JsonObject.event("stopped"));
    return ExitCode.INTERRUPTED.number();
  }

  private String codeText() throws IOException, CommandFailure {
    if (!code.isEmpty()) {
      return String.join(" ", code);
    }
    String variable = session.console().environment().getOrDefault(VARIABLE, "");
    if (!variable.isBlank()) {
      return variable;
    }
    Question question = new Question(session.console());
    if (question.canBeAsked()) {
      return new CodePrompt(question, session.console())
          .ask()
          .orElseThrow(
              () ->
                  new CommandFailure(
                      ExitCode.USAGE, "No code was given.", "Run it again with one."));
    }
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (line == null || line.isBlank()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "There is no code.",
          "Give one as argument, in %s or on standard input.".formatted(VARIABLE));
    }
    return line;
  }

  private ShareCode parse(String text) throws CommandFailure {
    try {
      return ShareCode.parse(text);
    } catch (InvalidShareCodeException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "That is no code: %s.".formatted(e.getMessage()),
          "Ask the one who shares to send it again.",
          e);
    }
  }

  static String shortId(PeerId id) {
    String text = id.toString();
    return text.substring(0, Math.min(4, text.length()))
        + "…"
        + text.substring(Math.max(0, text.length() - 6)).toLowerCase(Locale.ROOT);
  }
}
