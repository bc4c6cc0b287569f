package dev.warren.node.receive;

/** So many files, and the bytes of all of them. */
public record Sum(long files, long bytes) {}
