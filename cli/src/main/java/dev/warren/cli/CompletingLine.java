package dev.warren.cli;

import dev.warren.sharecodes.WordCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;

/** Reads a line of the terminal in which Tab completes the words of a code. */
final class CompletingLine implements Function<String, Optional<String>> {
  private final Interruption interruption;

  CompletingLine(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Optional<String> apply(String prompt) {
    try (var terminal =
        TerminalBuilder.builder()
            .system(true)
            .systemOutput(SystemOutput.SysErrOrSysOut)
            .dumb(true)
            .build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .parser(new WholeLine())
              .completer((_, line, found) -> complete(line.word(), found))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .option(LineReader.Option.CASE_INSENSITIVE, true)
              .variable(LineReader.DISABLE_HISTORY, true)
              .build();
      return Optional.of(reader.readLine(prompt));
    } catch (EndOfFileException | IOException _) {
      return Optional.empty();
    } catch (UserInterruptException _) {
      interruption.request();
      return Optional.empty();
    }
  }

  /** What the text may become by completing its last word; as it stands, up to that word. */
  static List<String> completions(String typed) {
    String before = typed.substring(0, lastWord(typed));
    return WordCode.completions(typed).stream()
        .map(code -> before + code.substring(lastWord(code)))
        .toList();
  }

  /** Where the last word begins. */
  private static int lastWord(String typed) {
    int start = typed.length();
    while (start > 0 && Character.isLetter(typed.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static void complete(String typed, List<Candidate> found) {
    for (String text : completions(typed)) {
      String word = text.substring(lastWord(text));
      found.add(new Candidate(text, word, null, null, null, null, false));
    }
  }

  /** Words of a code are no words of a line, and no character in one is special. */
  private static final class WholeLine extends DefaultParser {
    private WholeLine() {
      setEscapeChars(new char[0]);
      setQuoteChars(new char[0]);
    }

    @Override
    public boolean isDelimiterChar(CharSequence line, int at) {
      return false;
    }
  }
}
