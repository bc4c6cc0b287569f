package dev.warren.interop;

import java.time.Duration;

/** How a case went with one peer. */
sealed interface Outcome {
  record Passed(Duration took) implements Outcome {}

  record Failed(Duration took, String why) implements Outcome {}

  /** The other implementation has nothing that the case could try. */
  record Exempt(String why) implements Outcome {}
}
