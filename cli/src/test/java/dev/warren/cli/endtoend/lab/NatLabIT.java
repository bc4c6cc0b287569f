package dev.warren.cli.endtoend.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code scripts/natlab} with a few pairs, where the system lets it be; where not, a line on
 * standard error says what is passed over, and why.
 */
@Timeout(600)
class NatLabIT {
  /** As {@code scripts/end-to-end --isolated} has it. */
  private static final String ISOLATED =
      """
      PATH=$PATH:/usr/sbin:/sbin
      exec unshare --map-root-user --mount --net --pid --fork --kill-child --mount-proc \
        sh -c 'mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"' sh "$@"\
      """;

  private static final String RULES = "nft";
  private static final String PORT_MAPPER = "miniupnpd";

  @Test
  void whoIsBehindARouterIsReached() throws Exception {
    require(RULES);
    Result lab = natLab("--slow", "--short");
    assertThat(lab.said).contains("4 of 4 pairs received");
    assertThat(lab.exitCode).as(lab.said).isZero();
  }

  @Test
  void routerThatOpensAPortLetsItsSharerBeReachedAndClosesThePortAfterwards() throws Exception {
    require(RULES, PORT_MAPPER);
    Result lab = natLab("--slow", "--settled", "upnp", "symmetric");
    assertThat(lab.said).contains("1 of 1 pairs received, 1 of them directly");
    assertThat(lab.exitCode).as(lab.said).isZero();
  }

  private static void require(String... tools) throws Exception {
    for (String tool : tools) {
      require(run(tool, "--version").exitCode == 0, "there is no " + tool);
    }
    require(run("ip", "netns", "add", "trial").exitCode == 0, "it cannot have networks of its own");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      String passedOver = "NatLabIT PASSES OVER a test: %s here.".formatted(otherwise);
      System.err.println(passedOver); // builds do not print why a test was not run
      abort(passedOver);
    }
  }

  private record Result(int exitCode, String said) {}

  private static Result natLab(String... arguments) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dwarren.launcher=" + System.getProperty("warren.launcher", "../warren"),
                "-cp",
                System.getProperty("java.class.path"),
                NatLab.class.getName()));
    line.addAll(List.of(arguments));
    return run(line.toArray(String[]::new));
  }

  private static Result run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("sh", "-c", ISOLATED, "sh"));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), said);
  }
}
