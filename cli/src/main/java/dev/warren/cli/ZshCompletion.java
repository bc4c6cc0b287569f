package dev.warren.cli;

import dev.warren.cli.CompletionModel.Choice;
import dev.warren.cli.CompletionModel.Node;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Writes the completion script of zsh: one function for each command, on {@code _arguments}. */
final class ZshCompletion {
  private final Node root;
  private final StringBuilder script = new StringBuilder();

  ZshCompletion(CommandLine commands) {
    root = CompletionModel.of(commands);
  }

  String script() {
    script.append("#compdef warren\n# Completes warren in zsh.\n");
    root.all().forEach(this::append);
    // Sourced, the file has to announce itself; loaded from fpath, it is the function's first call.
    script.append(
        """

        if [[ "$funcstack[1]" == _warren ]]; then
          _warren "$@"
        else
          compdef _warren warren
        fi
        """);
    return script.toString();
  }

  private void append(Node node) {
    List<String> specs = new ArrayList<>();
    node.options().forEach(option -> specs.add(spec(option)));
    if (!node.children().isEmpty()) {
      specs.add("'1:command:->command'");
      specs.add("'*::argument:->argument'");
    } else if (!node.candidates().isEmpty()) {
      specs.add("'1:" + node.name() + ":(" + String.join(" ", node.candidates()) + ")'");
    } else {
      specs.add(
          switch (node.argument()) {
            case FILES -> "'*:file:_files'";
            case DIRECTORIES -> "'*:directory:_files -/'";
            case OTHER -> "'*:argument:'";
          });
    }
    script.append('\n').append(function(node)).append("() {\n");
    script.append("  local context state line\n  typeset -A opt_args\n");
    script
        .append("  _arguments -C -s \\\n    ")
        .append(String.join(" \\\n    ", specs))
        .append('\n');
    if (!node.children().isEmpty()) {
      appendChildren(node);
    }
    script.append("}\n");
  }

  private void appendChildren(Node node) {
    script.append("  case $state in\n    command)\n      local -a commands=(\n");
    for (Node child : node.children()) {
      script
          .append("        ")
          .append(quoted(child.name() + ":" + escaped(child.help())))
          .append('\n');
    }
    script.append("      )\n      _describe command commands\n      ;;\n");
    script.append("    argument)\n      case $line[1] in\n");
    for (Node child : node.children()) {
      script
          .append("        ")
          .append(child.name())
          .append(") ")
          .append(function(child))
          .append(" ;;\n");
    }
    script.append("      esac\n      ;;\n  esac\n");
  }

  private static String spec(Choice option) {
    String help = "[" + escaped(option.help()).replace("[", "\\[").replace("]", "\\]") + "]";
    String value =
        option.takesDirectory() ? ":directory:_files -/" : option.takesValue() ? ":value:" : "";
    List<String> names = option.names();
    return names.size() == 1
        ? quoted("*" + names.getFirst() + help + value)
        : "'("
            + String.join(" ", names)
            + ")'{"
            + String.join(",", names)
            + "}"
            + quoted(help + value);
  }

  private static String function(Node node) {
    return "_warren" + String.join("", node.path().stream().map(word -> "_" + word).toList());
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace(":", "\\:");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
