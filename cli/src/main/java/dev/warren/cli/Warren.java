package dev.warren.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command itself: what is common to all of its subcommands, and how one of them is run. */
@Command(
    name = "warren",
    description = "A peer-to-peer node for people who play and mod games together.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    commandListHeading = "%nCommands:%n",
    descriptionHeading = "%n",
    usageHelpAutoWidth = false,
    abbreviateSynopsis = true)
final class Warren {
  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description =
          "Write one JSON object a line to standard output, and everything else to standard error.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show details: the log of the node, and where an error came from.")
  private boolean verbose;

  private final Session session;

  Warren(Session session) {
    this.session = session;
  }

  /** Runs one command line and returns its exit code. */
  static int run(Session session, String... args) {
    Map<String, Supplier<CommandLine>> commands = commands(session);
    // To read the annotations of a command takes longer than most commands do: where it is plain
    // which one is meant, the others are left out.
    Optional<String> meant =
        Arrays.stream(args)
            .filter(arg -> !arg.startsWith("-"))
            .findFirst()
            .filter(commands::containsKey);
    return commandLine(session, meant.map(Set::of).orElse(commands.keySet())).execute(args);
  }

  /** All commands, ready to parse. */
  static CommandLine commandLine(Session session) {
    return commandLine(session, commands(session).keySet());
  }

  private static CommandLine commandLine(Session session, Set<String> names) {
    var warren = new Warren(session);
    var all = new CommandLine(warren);
    commands(session)
        .forEach(
            (name, command) -> {
              if (names.contains(name)) {
                all.addSubcommand(command.get());
              }
            });
    var errors = new ErrorReporter(session.console());
    all.setOut(session.console().out())
        .setErr(session.console().err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(errors::invalidUsage)
        .setExecutionExceptionHandler((failure, _, _) -> errors.failed(failure))
        .setExecutionStrategy(warren::execute);
    Converters.registerIn(all);
    return all;
  }

  /** In the order of the help. */
  private static Map<String, Supplier<CommandLine>> commands(Session session) {
    var commands = new LinkedHashMap<String, Supplier<CommandLine>>();
    commands.put("share", () -> new CommandLine(new ShareCommand(session, session.nodes())));
    commands.put("receive", () -> new CommandLine(new ReceiveCommand(session, session.nodes())));
    commands.put("shares", () -> new CommandLine(new SharesCommand(session)));
    commands.put("transfers", () -> new CommandLine(new TransfersCommand(session)));
    commands.put("verify", () -> new CommandLine(new VerifyCommand(session)));
    commands.put("audit", () -> new CommandLine(new AuditCommand(session)));
    commands.put(
        "peers",
        () ->
            new CommandLine(new PeersCommand(session))
                .addSubcommand(new PeerChange.Name(session))
                .addSubcommand(new PeerChange.Unname(session))
                .addSubcommand(new PeerChange.Block(session))
                .addSubcommand(new PeerChange.Unblock(session)));
    commands.put(
        "cache",
        () ->
            new CommandLine(new CacheCommand(session))
                .addSubcommand(new CacheClearCommand(session)));
    commands.put("doctor", () -> new CommandLine(new DoctorCommand(session, session.nodes())));
    commands.put("id", () -> new CommandLine(new IdCommand(session)));
    commands.put("listen", () -> new CommandLine(new ListenCommand(session)));
    commands.put("ping", () -> new CommandLine(new PingCommand(session)));
    commands.put(
        "perf",
        () ->
            new CommandLine(new PerfCommand())
                .addSubcommand(new PerfServeCommand(session))
                .addSubcommand(new PerfRunCommand(session)));
    commands.put(
        "dht",
        () ->
            new CommandLine(new DhtCommand())
                .addSubcommand(new DhtServeCommand(session))
                .addSubcommand(new DhtFindCommand(session))
                .addSubcommand(new DhtProvideCommand(session))
                .addSubcommand(new DhtProvidersCommand(session))
                .addSubcommand(new DhtPutCommand(session))
                .addSubcommand(new DhtGetCommand(session))
                .addSubcommand(new DhtStatsCommand(session))
                .addSubcommand(new DhtCrawlCommand(session)));
    commands.put("relay", () -> new CommandLine(new RelayCommand(session)));
    commands.put("completion", () -> new CommandLine(new CompletionCommand(session)));
    return commands;
  }

  private int execute(ParseResult parsed) {
    Console console = session.console();
    console.configure(json, verbose);
    List<CommandLine> commands = parsed.asCommandLineList();
    Optional<CommandLine> helped =
        commands.stream().filter(CommandLine::isUsageHelpRequested).findFirst();
    if (helped.isPresent()) {
      return help(helped.get());
    }
    if (commands.stream().anyMatch(CommandLine::isVersionHelpRequested)) {
      console.say(Version::text, Version::json);
      return ExitCode.DONE.number();
    }
    if (commands.size() == 1) {
      return help(commands.getFirst());
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private int help(CommandLine command) {
    Console console = session.console();
    Ansi colour = console.coloured() ? Ansi.ON : Ansi.OFF;
    console.say(
        () -> command.getUsageMessage(colour).stripTrailing(),
        () ->
            JsonObject.event("help")
                .with("command", command.getCommandSpec().qualifiedName())
                .with("text", command.getUsageMessage(Ansi.OFF)));
    return ExitCode.DONE.number();
  }
}
