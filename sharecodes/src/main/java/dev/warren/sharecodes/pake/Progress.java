package dev.warren.sharecodes.pake;

/** The order of an exchange's steps. A step that failed is never followed by another. */
final class Progress {
  private int taken;

  /** Takes the step, or says that it is not its turn, which is a mistake of the caller. */
  void take(int step) {
    if (taken != step) {
      throw new IllegalStateException(
          "step %d of an exchange in the place of step %d".formatted(step, taken));
    }
    taken++;
  }
}
