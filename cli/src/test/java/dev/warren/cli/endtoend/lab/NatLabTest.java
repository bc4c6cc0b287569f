package dev.warren.cli.endtoend.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class NatLabTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--short", "--troubles", "--pair open open", "--settled open open"})
  void somePairsAreNotWrittenInPlaceOfAll(String part) throws Exception {
    Path page = Files.writeString(folder.resolve("page.md"), "all pairs");
    String said = run((part + " --write " + page).split(" ", -1));
    assertThat(said).contains("--write would put some pairs in place of all");
    assertThat(page).hasContent("all pairs");
  }

  @Test
  void oneOfThePartsIsTried() {
    assertThat(run("--short", "--troubles")).contains("mutually exclusive");
  }

  /** What it says of a wrong usage. */
  private static String run(String... arguments) {
    var said = new StringWriter();
    var line = new CommandLine(new NatLab()).setErr(new PrintWriter(said));
    assertThat(line.execute(arguments)).isEqualTo(2);
    return said.toString();
  }
}
