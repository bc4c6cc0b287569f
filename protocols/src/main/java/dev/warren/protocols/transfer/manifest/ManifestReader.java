package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.names.HostileNameException;
import java.io.IOException;

/**
 * Reads a manifest from its first segment on and holds it to its rules. Whether the sharer signed
 * the segments is for {@link SegmentVerifier} to say, before they come here.
 *
 * <p>A receiver that goes on with what it has reads the segments it kept once more. For one thread
 * at a time. A reader that has thrown is of no further use: the share is to be refused.
 */
public final class ManifestReader {
  private final ManifestRules rules = new ManifestRules();
  private long nextIndex;

  /** A reader of a manifest of which nothing is known. */
  public ManifestReader() {}

  /** Reads all that a log has. */
  public static ManifestReader of(SegmentLog log) throws IOException {
    var reader = new ManifestReader();
    for (long index = 0, size = log.size(); index < size; index++) {
      reader.read(log.read(index));
    }
    return reader;
  }

  /**
   * Reads the next segment. Who sends others is for the caller to judge.
   *
   * @throws ManifestException if it breaks the rules
   * @throws HostileNameException if it has an entry that may not be
   */
  public Segment read(SignedSegment signed) throws ManifestException, HostileNameException {
    if (signed.index() != nextIndex) {
      throw new IllegalArgumentException(
          "segment %d of the manifest comes where %d is due".formatted(signed.index(), nextIndex));
    }
    if (complete()) {
      throw new ManifestException("the manifest goes on behind its end");
    }
    Segment segment = SegmentCodec.decode(signed.body());
    switch (segment) {
      case Segment.Listing listing -> {
        for (Entry entry : listing.entries()) {
          rules.entry(entry);
        }
        if (listing.last()) {
          rules.endListing();
        }
      }
      case Segment.Content content -> {
        for (FilePart part : content.parts()) {
          rules.part(part);
        }
        if (content.last()) {
          rules.end();
        }
      }
    }
    nextIndex++;
    return segment;
  }

  /** The index of the segment that is due; so many have been read. */
  public long nextIndex() {
    return nextIndex;
  }

  /** Whether all entries are known. */
  public boolean listingComplete() {
    return rules.listingComplete();
  }

  /** Whether the last segment has been read. */
  public boolean complete() {
    return rules.complete();
  }

  /** Entries so far. */
  public int entries() {
    return rules.entries();
  }

  /** How many of them are files. */
  public int files() {
    return rules.files();
  }

  /** The sum of the sizes of these files by the listing. */
  public long bytes() {
    return rules.bytes();
  }

  /** Chunks so far: the ordinal that the next new one gets. */
  public int chunks() {
    return rules.chunks();
  }

  /** The length of one of these chunks. */
  public int chunkLength(long ordinal) {
    return rules.chunkLength(ordinal);
  }

  /** For the builder that goes on where this manifest ends. */
  ManifestRules rules() {
    return rules;
  }
}
