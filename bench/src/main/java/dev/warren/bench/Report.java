package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Prints the results and, when asked, puts them in their place in the documentation. */
public final class Report {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec command; // set by picocli

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Also put the results in this file, docs/benchmarks.md, between their marks.")
  private @Nullable Path file;

  /** Publishes the results, preceded by what made them. */
  public void publish(String results) throws IOException {
    publish(command.name(), results);
  }

  /** As the other, where a command has several sections in the documentation. */
  public void publish(String section, String results) throws IOException {
    String text =
        """
        `scripts/bench %s`, %d processors

        %s"""
            .formatted(line(), Runtime.getRuntime().availableProcessors(), results.strip());
    System.out.println("\n" + text);
    if (file != null) {
      Files.writeString(file, replace(Files.readString(file), section, text));
      System.err.println("wrote " + file);
    }
  }

  /** Replaces what stands between the marks of the name. */
  static String replace(String document, String name, String section) throws IOException {
    String begin = "<!-- begin " + name + " -->\n";
    String end = "\n<!-- end " + name + " -->";
    int from = document.indexOf(begin);
    int to = document.indexOf(end, from);
    if (from < 0 || to < 0) {
      throw new IOException(
          "the file has no marks '" + begin.strip() + "' and '" + end.strip() + "'");
    }
    return document.substring(0, from + begin.length()) + section + document.substring(to);
  }

  /** The command line as it was given, but for where to write. */
  private String line() {
    var line = new StringBuilder(command.name());
    ParseResult given = command.commandLine().getParseResult();
    for (var positional : given.matchedPositionals()) {
      positional.originalStringValues().forEach(value -> line.append(' ').append(value));
    }
    for (var option : given.matchedOptions()) {
      if (!option.longestName().equals("--write")) {
        line.append(' ').append(option.longestName());
        if (option.arity().max() > 0) {
          line.append('=').append(option.originalStringValues().getFirst());
        }
      }
    }
    given.unmatched().forEach(argument -> line.append(' ').append(argument));
    return line.toString();
  }
}
