package dev.warren.bench;

import java.io.IOException;

/** Two processes between which bytes can be moved. */
interface Carrier {

  /** What the pair is called in tables. */
  String name();

  /** Moves so many bytes, or slightly more. */
  Transfer.Result transfer(Transfer transfer, long bytes) throws IOException;
}
