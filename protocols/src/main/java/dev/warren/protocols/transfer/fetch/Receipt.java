package dev.warren.protocols.transfer.fetch;

/** How a download went, told to its sources. */
public record Receipt(long bytes, long files, long millis, boolean complete) {}
