package dev.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class ReportTest {

  @Test
  void replacesWhatIsBetweenTheMarksAndNothingElse() throws IOException {
    String document =
        """
        before
        <!-- begin perf -->
        old
        <!-- end perf -->
        after
        """;

    assertThat(Report.replace(document, "perf", "new"))
        .isEqualTo(
            """
            before
            <!-- begin perf -->
            new
            <!-- end perf -->
            after
            """);
  }

  @Test
  void namesTheMarksThatAreMissing() {
    assertThatThrownBy(() -> Report.replace("nothing here", "perf", "new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("<!-- begin perf -->");
  }
}
