package dev.warren.node.store;

/** So many files, and the bytes of all of them. */
public record FileSum(long files, long bytes) {}
