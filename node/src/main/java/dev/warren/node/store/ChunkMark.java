package dev.warren.node.store;

/** What a bitmap of chunks is about. The names are those on disk. */
public enum ChunkMark {
  /** Written, so that they outlive the process. */
  WRITTEN,
  /** On the disk, so that they outlive the machine's power. */
  DURABLE,
  /** Not asked for, as all files that are known to have them are not. */
  UNWANTED
}
