package dev.warren.cli.endtoend.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code scripts/natlab --short}, where the system lets it be. */
@Timeout(600)
class NatLabIT {
  /** As {@code scripts/end-to-end --isolated} has it. */
  private static final String ISOLATED =
      """
      PATH=$PATH:/usr/sbin:/sbin
      command -v nft >/dev/null && command -v miniupnpd >/dev/null || exit 1
      exec unshare --map-root-user --mount --net --pid --fork --kill-child --mount-proc \
        sh -c 'mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"' sh "$@"\
      """;

  @Test
  void whoIsBehindARouterIsReached() throws Exception {
    assumeTrue(run("true").exitCode == 0, "no networks of our own can be made here");
    var lab =
        run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dwarren.launcher=" + System.getProperty("warren.launcher", "../warren"),
            "-cp",
            System.getProperty("java.class.path"),
            NatLab.class.getName(),
            "--short");
    assertThat(lab.said).contains("4 of 4 pairs received");
    assertThat(lab.exitCode).as(lab.said).isZero();
  }

  private record Result(int exitCode, String said) {}

  private static Result run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("sh", "-c", ISOLATED, "sh"));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), said);
  }
}
