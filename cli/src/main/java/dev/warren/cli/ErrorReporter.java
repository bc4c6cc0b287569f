package dev.warren.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells the user what went wrong: one sentence and the next step, to programs as an object too. The
 * stack trace is for those who ask for details.
 */
final class ErrorReporter {
  private final Console console;

  ErrorReporter(Console console) {
    this.console = console;
  }

  /** The arguments make no sense. Options may not have been read, so they are looked for here. */
  int invalidUsage(ParameterException problem, String[] args) {
    List<String> given = List.of(args);
    console.configure(
        given.contains("--json"), given.contains("-v") || given.contains("--verbose"));
    return report(explain(problem, given));
  }

  /** The command was understood and failed. */
  int failed(Exception failure) {
    return report(Failures.explain(failure));
  }

  private int report(CommandFailure failure) {
    ExitCode exit = failure.exitCode();
    if (exit != ExitCode.INTERRUPTED) {
      console.note("warren: " + failure.sentence() + "\n" + failure.nextStep());
      console.sayToPrograms(
          () ->
              JsonObject.event("error")
                  .with("code", exit.number())
                  .with("message", failure.sentence())
                  .with("next_step", failure.nextStep()));
    }
    if (console.verbose()) {
      var trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      console.note(trace.toString());
    }
    return exit.number();
  }

  private static CommandFailure explain(ParameterException problem, List<String> given) {
    CommandLine command = problem.getCommandLine();
    String help = "See '" + command.getCommandSpec().qualifiedName() + " --help'.";
    Set<String> options = command.getCommandSpec().optionsMap().keySet();
    Set<String> commands = command.getSubcommands().keySet();
    Optional<String> first = given.stream().dropWhile(options::contains).findFirst();
    if (command.getParent() == null && first.filter(ErrorReporter::isWord).isPresent()) {
      String word = first.get();
      String meant =
          ForgottenCommand.question(given).orElseGet(() -> Similar.question(word, commands));
      return wrong("There is no command '" + word + "'.", meant + help, problem);
    }
    // An option that does not exist first: its value, taken for something else, is what the parser
    // stumbles over.
    Optional<String> unknown = unknownOption(given, options);
    if (unknown.isPresent()) {
      String next = Similar.question(unknown.get(), options) + help;
      return wrong("There is no option '" + unknown.get() + "'.", next, problem);
    }
    if (problem instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      return commands.isEmpty()
          ? wrong("There is one argument too many: '" + word + "'.", help, problem)
          : wrong(
              "There is no command '" + word + "'.",
              Similar.question(word, commands) + help,
              problem);
    }
    return wrong(sentence(problem.getMessage()), help, problem);
  }

  private static CommandFailure wrong(String sentence, String next, ParameterException problem) {
    return new CommandFailure(ExitCode.USAGE, sentence, next, problem);
  }

  private static boolean isWord(String given) {
    return !given.startsWith("-") || given.equals("-");
  }

  private static Optional<String> unknownOption(List<String> given, Set<String> options) {
    return given.stream()
        .takeWhile(word -> !word.equals("--"))
        .filter(word -> word.startsWith("--"))
        .map(word -> word.replaceFirst("=.*", ""))
        .filter(word -> !options.contains(word))
        .findFirst();
  }

  private static String sentence(String message) {
    return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
  }
}
