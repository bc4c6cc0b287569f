package dev.warren.protocols.transfer.manifest;

import dev.warren.libp2p.identity.PublicKey;
import dev.warren.sharecodes.ShareId;

/** Tells the segments of one share from all others. Safe for many threads. */
public final class SegmentVerifier {
  private final PublicKey sharer;
  private final SegmentStatement statement;

  /** Takes what the sharer with this key has signed. */
  public SegmentVerifier(PublicKey sharer, ShareId share) {
    this.sharer = sharer;
    this.statement = new SegmentStatement(sharer.peerId(), share);
  }

  /**
   * Checks that the sharer made this segment for this share and this place.
   *
   * @throws ForgedSegmentException if not
   */
  public void verify(SignedSegment segment) throws ForgedSegmentException {
    if (!sharer.verify(statement.bytes(segment.index(), segment.body()), segment.signature())) {
      throw new ForgedSegmentException(segment.index());
    }
  }
}
