package dev.warren.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands as the writers of completion scripts need them. */
final class CompletionModel {

  /**
   * An option.
   *
   * @param names short and long
   * @param help one line
   * @param takesValue whether a value follows
   * @param takesDirectory whether the value is a directory
   */
  record Choice(List<String> names, String help, boolean takesValue, boolean takesDirectory) {}

  /**
   * A command.
   *
   * @param path the words that lead to it, without the first
   * @param help one line
   * @param candidates of which its argument is one
   * @param argument what else its argument is
   */
  record Node(
      List<String> path,
      String help,
      List<Choice> options,
      List<String> candidates,
      Argument argument,
      List<Node> children) {

    String name() {
      return path.isEmpty() ? "warren" : path.getLast();
    }

    /** This command and all below it. */
    List<Node> all() {
      List<Node> all = new ArrayList<>(List.of(this));
      children.forEach(child -> all.addAll(child.all()));
      return all;
    }
  }

  /** What the arguments of a command are, as far as a shell knows of it. */
  enum Argument {
    FILES,
    DIRECTORIES,
    OTHER
  }

  private CompletionModel() {}

  static Node of(CommandLine commands) {
    return node(List.of(), commands.getCommandSpec());
  }

  private static Node node(List<String> path, CommandSpec spec) {
    List<Node> children =
        spec.subcommands().entrySet().stream()
            .map(child -> node(append(path, child.getKey()), child.getValue().getCommandSpec()))
            .toList();
    List<Choice> options =
        spec.options().stream()
            .filter(option -> !option.hidden())
            .map(CompletionModel::choice)
            .toList();
    List<String> candidates =
        spec.positionalParameters().stream().flatMap(CompletionModel::candidates).toList();
    return new Node(
        path,
        firstSentence(spec.usageMessage().description()),
        options,
        candidates,
        argument(spec),
        children);
  }

  private static Argument argument(CommandSpec spec) {
    List<String> labels =
        spec.positionalParameters().stream().map(PositionalParamSpec::paramLabel).toList();
    return labels.contains("PATH")
        ? Argument.FILES
        : labels.contains("DIR") ? Argument.DIRECTORIES : Argument.OTHER;
  }

  private static Choice choice(OptionSpec option) {
    return new Choice(
        List.of(option.names()),
        firstSentence(option.description()),
        option.arity().max() > 0,
        option.paramLabel().equals("DIR"));
  }

  private static Stream<String> candidates(PositionalParamSpec parameter) {
    Iterable<String> candidates = parameter.completionCandidates();
    return candidates == null
        ? Stream.empty()
        : StreamSupport.stream(candidates.spliterator(), false);
  }

  private static List<String> append(List<String> path, String word) {
    List<String> longer = new ArrayList<>(path);
    longer.add(word);
    return List.copyOf(longer);
  }

  private static String firstSentence(String[] description) {
    String text = Arrays.stream(description).findFirst().orElse("");
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end);
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
