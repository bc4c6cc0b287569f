package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The code that the README shows is the one that is compiled here. */
class ReadmeTest {
  @Test
  void theReadmeShowsHowToShareAndToReceive() throws Exception {
    String source = Files.readString(Path.of("src/test/java/dev/warren/node/ShareExample.java"));
    String begin = "// begin README\n";
    String shown =
        source
            .substring(source.indexOf(begin) + begin.length(), source.indexOf("// end README"))
            .stripTrailing()
            .stripIndent();
    assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + shown + "\n```");
  }
}
