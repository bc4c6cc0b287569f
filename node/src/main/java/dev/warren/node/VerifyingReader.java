package dev.warren.node;

import dev.warren.libp2p.identity.PublicKey;
import dev.warren.protocols.transfer.fetch.LyingSourceException;
import dev.warren.protocols.transfer.fetch.SegmentReader;
import dev.warren.protocols.transfer.manifest.ForgedSegmentException;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SegmentVerifier;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.util.Optional;

/** Takes what the sharer has signed, and what is by the rules of a manifest. For one thread. */
final class VerifyingReader implements SegmentReader {
  private final SegmentVerifier verifier;
  private final SegmentLog here;

  /** Made with the first segment: reading those that are here anew takes a while. */
  private Optional<ManifestReader> manifest = Optional.empty();

  /** Goes on behind the segments that are here. */
  VerifyingReader(PublicKey sharer, ShareId share, SegmentLog here) {
    verifier = new SegmentVerifier(sharer, share);
    this.here = here;
  }

  @Override
  public Segment read(SignedSegment signed) throws IOException {
    try {
      verifier.verify(signed);
    } catch (ForgedSegmentException e) {
      throw new LyingSourceException("the source sent what the sharer has not signed", e);
    }
    if (manifest.isEmpty()) {
      manifest = Optional.of(ManifestReader.of(here));
    }
    return manifest.get().read(signed);
  }
}
