package dev.warren.cli;

/** What a run of the command came to, for scripts to branch on. */
enum ExitCode {
  DONE(0),
  FAILED(1),
  USAGE(2),
  UNREACHABLE(3),
  REFUSED(4),
  CORRUPT(5),
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
