package dev.warren.libp2p.identity;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A key file that is not used as it is: others can read it, or no key is in it. The message names
 * the file, says what is wrong, and what to do.
 */
public class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;

  KeyFileException(Path file, String problem) {
    super("key file " + file + " " + problem);
  }
}
