package dev.warren.node.receive;

import dev.warren.protocols.transfer.content.Chunk;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that is in the place of one that is to be received, and has been the same so far. Owned by
 * the thread that adds segments.
 */
final class ExistingFile {
  private final Path path;
  private final List<Chunk> chunks;
  private int matched;
  private long matchedBytes;

  ExistingFile(Path path, List<Chunk> chunks) {
    this.path = path;
    this.chunks = chunks;
  }

  Path path() {
    return path;
  }

  /** Whether the next chunk is the same too. */
  boolean matches(Chunk next) {
    if (matched == chunks.size() || !chunks.get(matched).equals(next)) {
      return false;
    }
    matched++;
    matchedBytes += next.length();
    return true;
  }

  /** The length of what was the same. */
  long matchedBytes() {
    return matchedBytes;
  }

  /** Whether there is nothing behind what was the same. */
  boolean isAllMatched() {
    return matched == chunks.size();
  }
}
