package dev.warren.cli;

import dev.warren.sharecodes.InvalidShareCodeException;
import dev.warren.sharecodes.ShareCode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out which command somebody forgot who typed what it is to work on: a path, or a code. */
final class ForgottenCommand {
  /** How codes of words begin, also those that are mistyped further on. */
  private static final Pattern WORDS = Pattern.compile("\\d{4}[^\\p{Alnum}]+\\p{Alpha}.*");

  private ForgottenCommand() {}

  /**
   * Asks whether it was meant; nothing if there is no reason to think so. There has to be a word.
   */
  static Optional<String> question(List<String> given) {
    List<String> words =
        given.stream().filter(word -> word.equals("-") || !word.startsWith("-")).toList();
    Optional<String> command =
        isPath(words.getFirst())
            ? Optional.of("share")
            : isCode(String.join(" ", words)) ? Optional.of("receive") : Optional.empty();
    return command.map(
        it -> "Did you mean 'warren %s %s'? ".formatted(it, Printable.of(String.join(" ", given))));
  }

  private static boolean isPath(String word) {
    try {
      return word.equals("-") || Files.exists(Path.of(word));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private static boolean isCode(String text) {
    try {
      ShareCode.parse(text);
      return true;
    } catch (InvalidShareCodeException _) {
      return WORDS.matcher(text).matches();
    }
  }
}
