package dev.warren.protocols.transfer.manifest;

import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.sharecodes.ShareId;

/** Signs the segments of one share. Safe for many threads. */
public final class SegmentSigner {
  private final PrivateKey sharer;
  private final SegmentStatement statement;

  /** Signs for the sharer whose key this is. */
  public SegmentSigner(PrivateKey sharer, ShareId share) {
    this.sharer = sharer;
    this.statement = new SegmentStatement(sharer.peerId(), share);
  }

  /** The segment with this body; the array is not copied. */
  public SignedSegment sign(long index, byte[] body) {
    return new SignedSegment(index, body, sharer.sign(statement.bytes(index, body)));
  }
}
