package dev.warren.cli;

/**
 * Which of the standard streams are terminals.
 *
 * @param input whether somebody can answer
 * @param output whether results are read by a person, and not by a program
 * @param error whether somebody sees what is no result
 */
record Terminals(boolean input, boolean output, boolean error) {
  /** None of them: a program runs this one. */
  static final Terminals NONE = new Terminals(false, false, false);

  /** Where the launcher, which can tell for nothing, names those that are: {@code 012} is all. */
  private static final String PROPERTY = "warren.terminals";

  /** Those of this process; Java itself knows only whether input and output both are. */
  @SuppressWarnings("SystemConsoleNull") // on 22 to 24 it never was; since 25 it is again
  static Terminals ofProcess() {
    String told = System.getProperty(PROPERTY);
    if (told != null) {
      return new Terminals(told.contains("0"), told.contains("1"), told.contains("2"));
    }
    java.io.Console console = System.console();
    boolean all = console != null && console.isTerminal();
    return new Terminals(all, all, all);
  }
}
