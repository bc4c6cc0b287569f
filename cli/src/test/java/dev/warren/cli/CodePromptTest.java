package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodePromptTest {
  private static final String CODE = FakeNode.WORDS.toString();

  private final StringWriter told = new StringWriter();

  private Optional<String> ask(String... typed) {
    Deque<String> lines = new ArrayDeque<>(List.of(typed));
    var console =
        new Console(
            Terminals.NONE,
            InputStream.nullInputStream(),
            new PrintWriter(told),
            new PrintWriter(told),
            Map.of(),
            () -> {});
    return new CodePrompt(console, _ -> Optional.ofNullable(lines.poll())).ask();
  }

  @Test
  void aCodeIsTakenAsItIs() {
    assertThat(ask(" " + CODE + " ")).contains(CODE);
    assertThat(told.toString()).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidAndAskedAgain() {
    assertThat(ask("4821-otter-vilot-canoe", CODE)).contains(CODE);
    assertThat(told.toString()).contains("did you mean \"violet\"");
  }

  @Test
  void halfACodeIsAnsweredWithWhatItMayBecome() {
    assertThat(ask("4821-otter-viol", CODE)).contains(CODE);
    assertThat(told.toString()).contains("4821-otter-violet");
  }

  @Test
  void whoTypesNothingGivesNoCode() {
    assertThat(ask()).isEmpty();
    assertThat(ask("")).isEmpty();
  }

  @Test
  void theLastWordIsCompletedAsTheOthersWereTyped() {
    assertThat(CompletingLine.completions("4821-otter-viol")).containsExactly("4821-otter-violet");
    assertThat(CompletingLine.completions("4821 OTTER viol")).containsExactly("4821 OTTER violet");
    assertThat(CompletingLine.completions("48")).isEmpty();
  }
}
