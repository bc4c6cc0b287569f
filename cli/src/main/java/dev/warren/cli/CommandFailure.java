package dev.warren.cli;

/** The command cannot do what it was asked for. Carries all that the user is told. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String nextStep;

  /**
   * @param sentence what happened, ending in a full stop
   * @param nextStep what the user can do about it, ending in a full stop
   */
  CommandFailure(ExitCode exitCode, String sentence, String nextStep) {
    super(sentence);
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }

  CommandFailure(ExitCode exitCode, String sentence, String nextStep, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }

  /** What was asked for makes no sense, or cannot be had. */
  static CommandFailure usage(String sentence, String nextStep) {
    return new CommandFailure(ExitCode.USAGE, sentence, nextStep);
  }

  ExitCode exitCode() {
    return exitCode;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  String nextStep() {
    return nextStep;
  }
}
