package dev.warren.node.store;

import dev.warren.protocols.transfer.manifest.Entry;
import java.util.Optional;

/**
 * An entry of a share, and what is known of it here.
 *
 * @param number its place in the listing
 * @param entry as listed, but with the size and time that were found when it was hashed
 * @param content how much of what it consists of the manifest has said
 * @param state what those who keep this share put here, 0 at first
 * @param local where it is on this disk, if that is not where its path says
 * @param fileKey what the file system told the file apart by when it was last looked at, or 0
 */
public record StoredEntry(
    long number, Entry entry, Content content, int state, Optional<String> local, long fileKey) {

  /** The stamp of the file on this disk as it was when it was last looked at. */
  public FileStamp stamp() {
    return entry instanceof Entry.File file
        ? new FileStamp(file.size(), file.modifiedNanos(), fileKey)
        : new FileStamp(0, 0, fileKey);
  }

  /** How much of what a file consists of is known. */
  public enum Content {
    /** Nothing yet; what is no file stays so. */
    LISTED(0),
    /** Its first chunks. */
    BEGUN(1),
    /** All of it. */
    COMPLETE(2),
    /** It has none: it was not there any more, or could not be read. */
    GONE(3);

    private final int number;

    Content(int number) {
      this.number = number;
    }

    /** What stands for it on disk. */
    int number() {
      return number;
    }
  }
}
