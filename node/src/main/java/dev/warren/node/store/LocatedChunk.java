package dev.warren.node.store;

/** A chunk, and the first place where it can be read. */
public record LocatedChunk(long ordinal, int length, StoredEntry file, long offset) {}
