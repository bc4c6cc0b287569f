package dev.warren.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program that the README shows is the one that is compiled and run here. */
class ReadmeTest {
  @Test
  void theReadmeShowsTheEchoProgram() throws Exception {
    String source = Files.readString(Path.of("src/test/java/dev/warren/libp2p/EchoExample.java"));
    String begin = "// begin README\n";
    String shown =
        source.substring(source.indexOf(begin) + begin.length(), source.indexOf("// end README"));
    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + shown + "```");
  }

  @Test
  void theEchoProgramPrintsWhatItSent() throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      EchoExample.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("hello");
  }
}
