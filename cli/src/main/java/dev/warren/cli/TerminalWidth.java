package dev.warren.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many columns the terminal has. Java does not tell; stty does, wherever there is one. */
final class TerminalWidth {
  private static final int USUAL = 80;
  private static final Pattern COLUMNS = Pattern.compile("(?:\\d+ )?([1-9]\\d{0,3})");

  private TerminalWidth() {}

  static int of(Map<String, String> environment) {
    String text = environment.containsKey("COLUMNS") ? environment.get("COLUMNS") : size();
    Matcher matcher = COLUMNS.matcher(text);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : USUAL;
  }

  private static String size() {
    try (var answer =
        new ProcessBuilder("stty", "size")
            .redirectInput(new File("/dev/tty"))
            .redirectError(Redirect.DISCARD)
            .start()
            .inputReader()) {
      String line = answer.readLine();
      return line == null ? "" : line;
    } catch (IOException _) {
      return ""; // Windows has none
    }
  }
}
