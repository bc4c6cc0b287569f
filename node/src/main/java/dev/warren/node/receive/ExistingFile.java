package dev.warren.node.receive;

import dev.warren.node.receive.LocalContent.KnownFile;
import dev.warren.node.store.FileStamp;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file that is in the place of one that is to be received, and has been the same so far. Owned by
 * the thread that adds segments.
 */
final class ExistingFile {
  private final Path path;
  private final KnownFile file;
  private long matchedBytes;

  ExistingFile(Path path, KnownFile file) {
    this.path = path;
    this.file = file;
  }

  /** Whether the next chunk is the same too. */
  boolean matches(Chunk next) {
    boolean same = file.chunks().hasNext() && file.chunks().next().equals(next);
    matchedBytes += next.length();
    return same;
  }

  /** Whether there is nothing behind what was the same, and nobody has changed it since. */
  boolean isAllMatched() {
    try {
      return matchedBytes == file.stamp().size()
          && FileStamp.of(path, LinkOption.NOFOLLOW_LINKS).equals(file.stamp());
    } catch (IOException e) {
      return false; // it is not there any more
    }
  }
}
