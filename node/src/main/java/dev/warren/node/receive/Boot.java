package dev.warren.node.receive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether the machine has been restarted, and with it what had not reached the disk lost. */
final class Boot {
  private static final Path LINUX_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boot() {}

  /**
   * A text that is the same until the machine is restarted. Where the system has none, when its
   * first process began; and where that is not to be known, a text that never is the same: then all
   * that was not forced is looked at again.
   */
  static String id() {
    try {
      return Files.readString(LINUX_BOOT_ID).strip();
    } catch (IOException e) {
      return ProcessHandle.of(1)
          .flatMap(first -> first.info().startInstant())
          .map(Object::toString)
          .orElseGet(() -> "unknown since " + System.nanoTime());
    }
  }
}
