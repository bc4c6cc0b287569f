package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of the system that set the laboratory up, each of which has to succeed. */
final class Commands {
  private static final int TIMEOUT_SECONDS = 30;

  private Commands() {}

  /** Runs a script of the shell. */
  static void script(String text, Object... arguments) {
    List<String> line = new ArrayList<>(List.of("sh", "-ec", text, "sh"));
    for (Object argument : arguments) {
      line.add(argument.toString());
    }
    run(line, "");
  }

  static void run(List<String> line, String input) {
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
        in.write(input);
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new ChaosException(
            "'%s' failed: %s%n%s".formatted(String.join(" ", line), said, input));
      }
    } catch (IOException e) {
      throw new ChaosException("'%s' cannot be run".formatted(line.getFirst()), e);
    } catch (InterruptedException e) {
      throw new ChaosException("interrupted while '%s' ran".formatted(line.getFirst()), e);
    }
  }
}
