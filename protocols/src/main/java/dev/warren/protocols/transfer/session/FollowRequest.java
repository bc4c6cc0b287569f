package dev.warren.protocols.transfer.session;

/** Something that a receiver says on the stream on which it follows a share. */
public sealed interface FollowRequest permits FollowRequest.From, Announcement, Receipt {
  /** Send the segments of the manifest from this index on, as they come to be. */
  record From(long segment) implements FollowRequest {}
}
