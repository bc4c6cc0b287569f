package dev.warren.cli;

import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.ShareCode;
import dev.warren.sharecodes.WordCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks for a code until there is one, with what half a code may become and what was mistyped. */
final class CodePrompt {
  private static final int MAX_SHOWN = 12;

  private final Console console;
  private final Function<String, Optional<String>> lines;

  /**
   * Asks here.
   *
   * @param lines yields what is typed behind a prompt; nothing when no more comes
   */
  CodePrompt(Console console, Function<String, Optional<String>> lines) {
    this.console = console;
    this.lines = lines;
  }

  /** The code; nothing when the user gives none. */
  Optional<String> ask() {
    while (true) {
      Optional<String> typed = lines.apply("Code: ").map(String::strip);
      if (typed.isEmpty() || typed.get().isEmpty()) {
        return Optional.empty();
      }
      try {
        ShareCode.parse(typed.get());
        return typed;
      } catch (InvalidShareCodeException e) {
        List<String> completions = WordCode.completions(typed.get());
        if (completions.isEmpty() || completions.size() > MAX_SHOWN) {
          console.note("  " + Printable.of(String.valueOf(e.getMessage())));
        } else {
          console.note("  " + String.join("  ", completions) + " …");
        }
      }
    }
  }
}
