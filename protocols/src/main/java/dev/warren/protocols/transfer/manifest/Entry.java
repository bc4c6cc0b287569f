package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.LinkTarget;

/** One line of a share's listing. Its number is its place there. */
public sealed interface Entry {
  /** Where it is to be, relative to where the share is put. */
  EntryPath path();

  /**
   * A file.
   *
   * @param size in bytes, as found when the share was listed
   * @param modifiedNanos since 1970, UTC
   */
  record File(EntryPath path, long size, long modifiedNanos, boolean executable) implements Entry {}

  /** A directory with nothing in it; others follow from what is in them. */
  record Directory(EntryPath path) implements Entry {}

  /** A symbolic link, whose target has been parsed for this very path. */
  record Link(EntryPath path, LinkTarget target) implements Entry {}
}
