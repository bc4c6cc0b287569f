package dev.warren.cli;

import java.util.List;
import java.util.Optional;
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
    versionProvider = Version.class,
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

  /** The entry of the process. */
  public static void main(String[] args) {
    if (Version.isAllThatIsAsked(args)) {
      // Before the rest is loaded: scripts ask this often, and it is the first thing people try.
      System.out.println(args.length == 1 ? Version.text() : Version.json());
      return;
    }
    Session session = Session.ofProcess();
    int exitCode = run(session, args);
    session.console().endStatus();
    session.interruption().finish();
    // Blocks for ever when the JVM is ending already, which has the JVM's own exit code stand.
    System.exit(exitCode);
  }

  /** Runs one command line and returns its exit code. */
  static int run(Session session, String... args) {
    return commandLine(session).execute(args);
  }

  /** All commands, ready to parse. */
  static CommandLine commandLine(Session session) {
    var warren = new Warren(session);
    var perf =
        new CommandLine(new PerfCommand())
            .addSubcommand(new PerfServeCommand(session))
            .addSubcommand(new PerfRunCommand(session));
    var errors = new ErrorReporter(session.console());
    CommandLine all =
        new CommandLine(warren)
            .addSubcommand(new IdCommand(session))
            .addSubcommand(new ListenCommand(session))
            .addSubcommand(new PingCommand(session))
            .addSubcommand(perf)
            .addSubcommand(new CompletionCommand(session))
            .setOut(session.console().out())
            .setErr(session.console().err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(errors::invalidUsage)
            .setExecutionExceptionHandler((failure, _, _) -> errors.failed(failure))
            .setExecutionStrategy(warren::execute);
    Converters.registerIn(all);
    return all;
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
