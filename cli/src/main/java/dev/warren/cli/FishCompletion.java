package dev.warren.cli;

import dev.warren.cli.CompletionModel.Choice;
import dev.warren.cli.CompletionModel.Node;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** Writes the completion script of fish: one {@code complete} line for each word. */
final class FishCompletion {
  private final Node root;
  private final StringBuilder script = new StringBuilder();

  FishCompletion(CommandLine commands) {
    root = CompletionModel.of(commands);
  }

  String script() {
    script.append(
        """
        # Completes warren in fish.

        # Whether the words typed so far, options aside, are exactly these.
        function __warren_at
            set -l words
            for word in (commandline -opc)[2..-1]
                string match -q -- '-*' $word; or set -a words $word
            end
            test "$words" = "$argv"
        end

        # Whether the words typed so far begin with these.
        function __warren_in
            set -l words
            for word in (commandline -opc)[2..-1]
                string match -q -- '-*' $word; or set -a words $word
            end
            string match -q -- "$argv *" "$words "
        end

        complete -c warren -f
        """);
    root.all().forEach(this::append);
    return script.toString();
  }

  private void append(Node node) {
    String path = String.join(" ", node.path());
    for (Node child : node.children()) {
      line("__warren_at " + path, "-a " + child.name() + " -d " + quoted(child.help()));
    }
    for (String candidate : node.candidates()) {
      line("__warren_at " + path, "-a " + candidate);
    }
    switch (node.argument()) {
      case FILES -> line("__warren_in " + path, "-F");
      case DIRECTORIES ->
          line("__warren_in " + path, "-a " + quoted("(__fish_complete_directories)"));
      case OTHER -> {}
    }
    String where = node.children().isEmpty() ? "__warren_in " : "__warren_at ";
    node.options().forEach(option -> line(where + path, words(option)));
  }

  private void line(String condition, String words) {
    script.append("complete -c warren -n ").append(quoted(condition.strip())).append(' ');
    script.append(words).append('\n');
  }

  private static String words(Choice option) {
    String names =
        option.names().stream()
            .map(
                name ->
                    name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
            .collect(Collectors.joining(" "));
    List<String> value =
        option.takesDirectory()
            ? List.of("-x", "-a", quoted("(__fish_complete_directories)"))
            : option.takesValue() ? List.of("-x") : List.of();
    return names
        + (value.isEmpty() ? "" : " " + String.join(" ", value))
        + " -d "
        + quoted(option.help());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
