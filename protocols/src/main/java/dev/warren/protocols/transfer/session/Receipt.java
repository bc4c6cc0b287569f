package dev.warren.protocols.transfer.session;

/** How a download went, told to its sources. */
public record Receipt(long bytes, long files, long millis, boolean complete)
    implements FollowRequest {}
