package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.manifest.FilePart.Complete;
import dev.warren.protocols.transfer.manifest.FilePart.End;
import dev.warren.protocols.transfer.manifest.FilePart.Fresh;
import dev.warren.protocols.transfer.manifest.FilePart.Gone;
import dev.warren.protocols.transfer.manifest.FilePart.Known;
import dev.warren.protocols.transfer.manifest.FilePart.Piece;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.names.NameSet;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest keeps to from its first entry to its last chunk. The sharer's side goes by it as
 * it makes one and the receiver's as it reads one, so that neither has rules the other lacks.
 *
 * <p>Costs a bit for each entry and four bytes for each chunk, and while the listing is open what
 * {@link NameSet} takes. What has thrown is of no further use.
 */
final class ManifestRules {
  private enum Phase {
    LISTING,
    CONTENT,
    COMPLETE
  }

  private static final int NONE = -1;

  private final long maxNameBytes;
  private Phase phase = Phase.LISTING;
  private @Nullable NameSet names = new NameSet();

  private int entries;
  private final BitSet files = new BitSet();
  private int fileCount;
  private long bytes;
  private long nameBytes;

  private final ChunkLengths lengths = new ChunkLengths();
  private int places;
  private long contentBytes;

  /** The file whose content is next or under way; {@link #NONE} behind the last. */
  private int file = NONE;

  private long fileBytes;
  private boolean fileHasShortChunk;

  ManifestRules() {
    this(Manifest.MAX_NAME_BYTES);
  }

  ManifestRules(long maxNameBytes) {
    this.maxNameBytes = maxNameBytes;
  }

  void entry(Entry entry) throws ManifestException, HostileNameException {
    NameSet open = names;
    if (open == null) {
      throw new ManifestException("the manifest has an entry behind the end of its listing");
    }
    if (entries == Manifest.MAX_ENTRIES) {
      throw new ManifestException("the share has more than " + Manifest.MAX_ENTRIES + " entries");
    }
    switch (entry) {
      case Entry.File listed -> {
        open.add(listed.path());
        if (listed.size() < 0 || listed.size() > Manifest.MAX_BYTES - bytes) {
          throw new ManifestException("the share has more than " + Manifest.MAX_BYTES + " bytes");
        }
        bytes += listed.size();
        files.set(entries);
        fileCount++;
      }
      case Entry.Directory listed -> open.add(listed.path());
      case Entry.Link listed -> {
        open.addLink(listed.path(), listed.target());
        nameBytes += listed.target().bytes();
      }
    }
    nameBytes += entry.path().bytes();
    if (nameBytes > maxNameBytes) {
      throw new ManifestException("the share has more than " + maxNameBytes + " bytes of names");
    }
    entries++;
  }

  void endListing() throws ManifestException {
    if (phase != Phase.LISTING) {
      throw new ManifestException("the manifest ends its listing twice");
    }
    phase = Phase.CONTENT;
    names = null;
    file = files.nextSetBit(0);
  }

  void part(FilePart part) throws ManifestException {
    if (phase != Phase.CONTENT) {
      throw new ManifestException(
          "the manifest has content "
              + (complete() ? "behind its end" : "before its listing ends"));
    }
    if (file == NONE || part.entry() != file) {
      throw new ManifestException(
          "the manifest has content of entry %d where that of %s is due"
              .formatted(part.entry(), file == NONE ? "none" : Integer.toString(file)));
    }
    if (part.pieces().isEmpty() && part.end().isEmpty()) {
      throw new ManifestException("the manifest says nothing of file " + file);
    }
    for (Piece piece : part.pieces()) {
      piece(piece);
    }
    if (part.end().isPresent()) {
      end(part.end().get(), part.pieces().isEmpty());
    }
  }

  private void piece(Piece piece) throws ManifestException {
    int length =
        switch (piece) {
          case Fresh fresh -> {
            lengths.add(fresh.chunk().length());
            yield fresh.chunk().length();
          }
          case Known known -> lengthOf(known.ordinal());
        };
    // Bounds what a byte of content may cost in the manifest, and so at either end.
    if (fileHasShortChunk) {
      throw new ManifestException(
          "file %d has a chunk of less than %d bytes before its last"
              .formatted(file, Manifest.MIN_INNER_CHUNK_BYTES));
    }
    fileHasShortChunk = length < Manifest.MIN_INNER_CHUNK_BYTES;
    if (places == Manifest.MAX_PLACES) {
      throw new ManifestException("the share has more than " + Manifest.MAX_PLACES + " chunks");
    }
    places++;
    if (length > contentLeft()) {
      throw new ManifestException("the share has more content than it lists");
    }
    contentBytes += length;
    fileBytes += length;
  }

  private int lengthOf(long ordinal) throws ManifestException {
    if (ordinal < 0 || ordinal >= lengths.count()) {
      throw new ManifestException(
          "the manifest names chunk %d where it has had %d".formatted(ordinal, lengths.count()));
    }
    return lengths.get(ordinal);
  }

  private void end(End end, boolean bare) throws ManifestException {
    switch (end) {
      case Complete complete -> {
        if (complete.size() != fileBytes) {
          throw new ManifestException(
              "file %d has %d bytes in its chunks and %d by its size"
                  .formatted(file, fileBytes, complete.size()));
        }
      }
      case Gone _ -> {
        if (!bare) {
          throw new ManifestException("file " + file + " is gone and has content");
        }
      }
    }
    file = files.nextSetBit(file + 1);
    fileBytes = 0;
    fileHasShortChunk = false;
  }

  void end() throws ManifestException {
    if (phase != Phase.CONTENT || file != NONE) {
      throw new ManifestException("the manifest ends before all that it lists has been told");
    }
    phase = Phase.COMPLETE;
  }

  boolean listingComplete() {
    return phase != Phase.LISTING;
  }

  boolean complete() {
    return phase == Phase.COMPLETE;
  }

  int entries() {
    return entries;
  }

  int files() {
    return fileCount;
  }

  long bytes() {
    return bytes;
  }

  /** How much content there may still be. */
  long contentLeft() {
    return bytes + Manifest.MAX_GROWTH_BYTES - contentBytes;
  }

  int chunks() {
    return lengths.count();
  }

  int chunkLength(long ordinal) {
    return lengths.get(ordinal);
  }
}
