package dev.warren.protocols.transfer.manifest;

import java.io.IOException;

/**
 * A segment that the sharer did not sign, for this share and this place. It says something of the
 * source that sent it, and nothing of the share.
 */
public final class ForgedSegmentException extends IOException {
  private static final long serialVersionUID = 1L;

  ForgedSegmentException(long index) {
    super("segment " + index + " of the manifest does not bear the sharer's signature");
  }
}
