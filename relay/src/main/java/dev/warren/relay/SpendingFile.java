package dev.warren.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was spent of a budget, for the next start: else who restarts a relay would give its month
 * anew. A line each: the moment, the bytes of its day, the bytes of its month.
 */
final class SpendingFile {
  private static final Logger log = LoggerFactory.getLogger(SpendingFile.class);
  private static final int LINES = 3;

  private final Path file;

  SpendingFile(Path file) {
    this.file = file;
  }

  /** What was written the last time; nothing spent if that cannot be read. */
  Spending read(Instant now) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != LINES) {
        throw new IOException(lines.size() + " lines");
      }
      return new Spending(
          Instant.parse(lines.get(0)),
          Long.parseUnsignedLong(lines.get(1)),
          Long.parseUnsignedLong(lines.get(2)));
    } catch (NoSuchFileException e) {
      return new Spending(now);
    } catch (IOException | DateTimeException | NumberFormatException e) {
      log.warn("what was spent of the budget is not known, see {}: {}", file, e.toString());
      return new Spending(now);
    }
  }

  void write(Instant now, long today, long thisMonth) {
    try {
      Path fresh = Files.createTempFile(file.getParent(), "spent", ".tmp");
      try {
        Files.write(fresh, List.of(now.toString(), Long.toString(today), Long.toString(thisMonth)));
        Files.move(
            fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh); // if it is still there
      }
    } catch (IOException e) {
      log.warn("what was spent of the budget cannot be kept in {}: {}", file, e.toString());
    }
  }
}
