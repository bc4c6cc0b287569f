package dev.warren.cli;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.CancelledException;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.Node;
import dev.warren.node.NotFoundException;
import dev.warren.node.ReceiveException;
import dev.warren.node.ReceiveOptions;
import dev.warren.node.Received;
import dev.warren.node.Receiving;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.ShareCode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      "Other users of this computer can see a code that is on the command line. Without one, it is"
          + " taken from the variable WARREN_CODE, asked for (Tab completes words), or read from"
          + " standard input.",
      "",
      "Receiving the same again goes on from what is here, by the --only and the answer about files"
          + " in the way that it was begun with."
    },
    footer = {
      "",
      "Examples:",
      "  warren receive",
      "  warren receive -o ~/mods --only '*.pak' 4821-otter-violet-canoe",
      "  echo 4821-otter-violet-canoe | warren receive --yes --skip",
      "",
      "Exit codes: 0 all of it is here, 1 failed or the sharer has not all of it any more, 2 wrong",
      "usage, 3 the sharer was not found or not reached, 4 refused or wrong code, 5 what came is",
      "damaged or forged, 130 stopped."
    })
final class ReceiveCommand implements Callable<Integer> {
  static final String VARIABLE = "WARREN_CODE";

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  @Mixin private final PeerOptions peer = new PeerOptions();

  @Parameters(paramLabel = "CODE", arity = "0..*", description = "Words, ticket or legacy code.")
  private List<String> code = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where to put it. Nothing in there is deleted. Default: here.")
  private Optional<Path> directory = Optional.empty();

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
      description = "Do not ask before receiving. Needed where there is no terminal.")
  private boolean yes;

  @Option(names = "--overwrite", description = "Replace files and links that are here and differ.")
  private boolean overwrite;

  @Option(
      names = "--rename",
      description = "Put files beside those that are here and differ, as in 'map (1).zip'.")
  private boolean rename;

  @Option(names = "--skip", description = "Leave out files that are here and differ.")
  private boolean skip;

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
      names = "--limit-up",
      paramLabel = "SIZE",
      description = "Send no more than this in a second to other receivers.")
  private Optional<ByteSize> limitUp = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to look for the sharer. Default: 60.")
  private Optional<Duration> timeout = Optional.empty();

  private final Session session;
  private final NodeStarter nodes;
  private final News news = new News();

  ReceiveCommand(Session session, NodeStarter nodes) {
    this.session = session;
    this.nodes = nodes;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    checkCombinations();
    checkValues();
    var question = new Question(session);
    Optional<String> given = codeText();
    if (given.isEmpty() && session.interruption().requested()) {
      return ExitCode.INTERRUPTED.number();
    }
    ShareCode parsed = parse(given);
    var display = new ReceiveDisplay(session, news);
    var consent = new ReceiveConsent(session.console(), question, yes || stdout, list, policy());
    ReceiveOptions options =
        ReceiveOptions.of(parsed)
            .only(only)
            .peers(peers)
            .seed(!noSeed)
            .consent(consent)
            .listener(display);
    if (stdout) {
      options.into(new FileOutputStream(FileDescriptor.out)); // System.out keeps failures to itself
    } else {
      options.into(directory.orElse(Path.of("")));
    }
    timeout.ifPresent(options::timeout);
    limitDown.ifPresent(limit -> options.limitDown(limit.bytes()));
    limitUp.ifPresent(limit -> options.limitUp(limit.bytes()));
    return receive(options, display, consent).number();
  }

  private Optional<Received> await(Ongoing<Received> ongoing, Receiving receiving, Node node)
      throws IOException {
    try {
      return ongoing.await(receiving::await);
    } catch (IOException e) {
      if (mayBeOfNetwork(e)) {
        NetworkProblems.tell(session, node);
      }
      throw e;
    }
  }

  private static boolean mayBeOfNetwork(IOException failure) {
    return switch (failure) {
      case NotFoundException _ -> true;
      case ReceiveException _, FileSystemException _, HostileNameException _ -> false;
      default -> true;
    };
  }

  /** Whoever waits for long should know why. */
  private void look(Node node, Receiving receiving, Difficulty difficulty) {
    if (difficulty.isNew(receiving.progress())) {
      NetworkProblems.tell(session, node);
    }
  }

  private ExitCode receive(ReceiveOptions options, ReceiveDisplay display, ReceiveConsent consent)
      throws IOException, CommandFailure {
    try (Node node = nodes.start(peer.config(session));
        Receiving receiving = node.receive(options)) {
      var ongoing = new Ongoing<Received>(session, news);
      display.follow(receiving, ongoing);
      long limit = limitDown.map(ByteSize::bytes).orElse(Long.MAX_VALUE);
      var difficulty = new Difficulty(session.time(), limit);
      ongoing.every(LOOK_EVERY, () -> look(node, receiving, difficulty));
      Optional<Received> received = await(ongoing, receiving, node);
      display.summary(received, stdout);
      return received.isEmpty()
          ? ExitCode.INTERRUPTED
          : received.get().gone() > 0 ? ExitCode.FAILED : ExitCode.DONE;
    } catch (CancelledException e) {
      if (consent.listed()) {
        return ExitCode.DONE; // that was all that was wanted
      }
      if (consent.refusal().isPresent()) {
        throw consent.refusal().get();
      }
      if (!e.declined()) {
        throw e;
      }
      session.console().note("Nothing was received, as you wished.");
      session.console().sayToPrograms(() -> JsonObject.event("stopped"));
      return ExitCode.INTERRUPTED;
    }
  }

  private Optional<ConflictPolicy> policy() {
    if (overwrite) {
      return Optional.of(ConflictPolicy.OVERWRITE);
    }
    if (rename) {
      return Optional.of(ConflictPolicy.RENAME);
    }
    return skip ? Optional.of(ConflictPolicy.SKIP) : Optional.empty();
  }

  private void checkCombinations() throws CommandFailure {
    int policies = (overwrite ? 1 : 0) + (rename ? 1 : 0) + (skip ? 1 : 0);
    if (policies > 1) {
      throw CommandFailure.usage(
          "--overwrite, --rename and --skip exclude each other.", "Give one of them.");
    }
    if (stdout && session.console().json()) {
      throw CommandFailure.usage(
          "--stdout and --json cannot both have standard output.", "Leave one of them out.");
    }
    if (stdout && (directory.isPresent() || policies > 0)) {
      throw CommandFailure.usage(
          "With --stdout no file is written, so -o, --overwrite, --rename and --skip have no"
              + " effect.",
          "Leave them or --stdout out.");
    }
    if (list && (stdout || yes || policies > 0)) {
      throw CommandFailure.usage(
          "With --list nothing is received, so --stdout, --yes, --overwrite, --rename and --skip"
              + " have no effect.",
          "Leave them or --list out.");
    }
    if (noSeed && limitUp.isPresent()) {
      throw CommandFailure.usage(
          "With --no-seed nothing is sent, so --limit-up has no effect.", "Give one of them.");
    }
    if (!(yes || stdout || list || session.console().canAsk())) {
      throw CommandFailure.usage(
          "Nobody can be asked whether to receive it, since there is "
              + (session.console().json() ? "--json." : "no terminal."),
          "Add --yes to receive it whatever it is, or --list to see what it is.");
    }
  }

  private void checkValues() throws CommandFailure {
    if (directory.isPresent()
        && Files.exists(directory.get())
        && !Files.isDirectory(directory.get())) {
      throw CommandFailure.usage(
          "'%s' is a file.".formatted(directory.get()), "Name a folder with -o, which may be new.");
    }
    if (timeout.filter(Duration::isZero).isPresent()) {
      throw CommandFailure.usage("--timeout must be more than nothing.", "Say 30s or 5m.");
    }
    if (Stream.of(limitDown, limitUp)
        .flatMap(Optional::stream)
        .anyMatch(limit -> limit.bytes() == 0)) {
      throw CommandFailure.usage("A limit must be more than nothing.", "Say 500KiB or 2MiB.");
    }
  }

  private Optional<String> codeText() throws IOException {
    if (!code.isEmpty()) {
      return Optional.of(String.join(" ", code));
    }
    String variable = session.console().environment().getOrDefault(VARIABLE, "");
    if (!variable.isBlank()) {
      return Optional.of(variable);
    }
    if (session.console().canAsk()) {
      return new CodePrompt(session.console(), new CompletingLine(session.interruption())).ask();
    }
    var in = new InputStreamReader(session.console().in(), StandardCharsets.UTF_8);
    return Optional.ofNullable(new BufferedReader(in).readLine()).filter(line -> !line.isBlank());
  }

  private static ShareCode parse(Optional<String> text) throws CommandFailure {
    if (text.isEmpty()) {
      throw CommandFailure.usage(
          "There is no code.",
          "Give one as argument, in %s or on standard input.".formatted(VARIABLE));
    }
    try {
      return ShareCode.parse(text.get());
    } catch (InvalidShareCodeException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "That is no code: %s.".formatted(e.getMessage()),
          "Compare it with what the one who shares has sent.",
          e);
    }
  }
}
