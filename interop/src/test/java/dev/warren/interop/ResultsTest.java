package dev.warren.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Column WE_DIAL_GO = new Column(Implementation.GO, Direction.WE_DIAL);
  private static final Column JS_DIALS = new Column(Implementation.JS, Direction.THEY_DIAL);
  private static final InteropCase PING = InteropCase.of("ping", "ping", _ -> {});
  private static final InteropCase KEYS = InteropCase.of("keys", "all keys", _ -> {});

  private final Results results =
      new Results(Transport.TCP, List.of(PING, KEYS), List.of(WE_DIAL_GO, JS_DIALS));

  @BeforeEach
  void addOneOfEach() {
    results.add(PING, WE_DIAL_GO, new Outcome.Passed(Duration.ofMillis(1234)));
    results.add(PING, JS_DIALS, new Outcome.Passed(Duration.ofMillis(20)));
    results.add(KEYS, WE_DIAL_GO, new Outcome.Failed(Duration.ofSeconds(30), "no answer\nat all"));
    results.add(KEYS, JS_DIALS, new Outcome.Exempt("it has none"));
  }

  @Test
  void theTableHasARowForEachCaseAndAColumnForEachPeerAndDirection() {
    assertThat(results.table())
        .isEqualTo(
            """
                      go, we dial  js, they dial
            ping      ✓ 1.2 s      ✓ 0.0 s
            all keys  ✗ 30.0 s     –
            """);
  }

  @Test
  void theClosingLineCountsWhatWasTried() {
    assertThat(Results.summary(List.of(results))).isEqualTo("2 passed, 1 failed, 1 exempt");
    assertThat(Results.good(List.of(results))).isFalse();
  }

  @Test
  void whatWasNotRunHasNotPassed() {
    var some = new Results(Transport.TCP, List.of(PING, KEYS), List.of(WE_DIAL_GO));
    some.add(PING, WE_DIAL_GO, new Outcome.Passed(Duration.ofMillis(1)));
    assertThat(Results.good(List.of(some))).isFalse();
    some.add(KEYS, WE_DIAL_GO, new Outcome.Exempt("it has none"));
    assertThat(Results.good(List.of(some))).isTrue();
    some.add(PING, WE_DIAL_GO, new Outcome.Exempt("it has none"));
    assertThat(Results.good(List.of(some))).isFalse();
  }

  @Test
  void everyFailureIsToldWithItsReasonAndHowToRunItAlone() {
    assertThat(results.failures())
        .isEqualTo(
            """

            ✗ go, we dial, all keys (--transport tcp --case keys)
              no answer
              at all

            """);
  }

  @Test
  void theDocumentChangesBetweenItsMarksOnlyAndTellsNoTimes(@TempDir Path folder)
      throws IOException {
    Path document = folder.resolve("interop.md");
    Files.writeString(document, "# A\n<!-- tcp: begin -->\nold\n<!-- tcp: end -->\nZ\n");

    new InteropDocument(results).write(document);

    assertThat(document)
        .hasContent(
            """
            # A
            <!-- tcp: begin -->
            Met: .

            | | go, we dial | js, they dial |
            |---|---|---|
            | ping | ✓ | ✓ |
            | all keys | ✗ | –<sup>1</sup> |

            1. it has none.

            2 passed, 1 failed, 1 exempt.
            <!-- tcp: end -->
            Z
            """);
  }

  @Test
  void aDocumentWithoutMarksIsLeftAlone(@TempDir Path folder) throws IOException {
    Path document = folder.resolve("interop.md");
    Files.writeString(document, "# A\n");

    assertThatThrownBy(() -> new InteropDocument(results).write(document))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tcp: begin");
    assertThat(document).hasContent("# A\n");
  }
}
