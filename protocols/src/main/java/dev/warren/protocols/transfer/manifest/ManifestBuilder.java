package dev.warren.protocols.transfer.manifest;

import com.google.protobuf.CodedOutputStream;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.FilePart.Fresh;
import dev.warren.protocols.transfer.manifest.FilePart.Known;
import dev.warren.protocols.transfer.manifest.FilePart.Piece;
import dev.warren.protocols.transfer.pb.TransferMessages.EntryMessage;
import dev.warren.protocols.transfer.pb.TransferMessages.ListingPart;
import dev.warren.protocols.transfer.pb.TransferMessages.SegmentBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a manifest: takes the entries of a share, then what its files consist of, and packs that
 * into signed segments. A segment goes out when it is full or when {@link #flush} is called, so
 * whoever waits for a growing manifest waits as long as its sharer lets it.
 *
 * <p>For one thread at a time. A builder that has thrown is of no further use.
 */
public final class ManifestBuilder {
  /** What a body has around its entries or parts. */
  private static final int BODY_OVERHEAD_BYTES = 16;

  /** What a part takes without its chunks, at most. */
  private static final int PART_OVERHEAD_BYTES = 64;

  private static final int ROOM = SignedSegment.MAX_BODY_BYTES - BODY_OVERHEAD_BYTES;

  private final SegmentSigner signer;
  private final SegmentSink sink;
  private final ManifestRules rules;
  private long nextIndex;

  // What the next segment will say, and at most how many bytes that takes.
  private final ListingPart.Builder listing = ListingPart.newBuilder();
  private final List<FilePart> parts = new ArrayList<>();
  private int used;

  /** Begins a manifest. */
  public ManifestBuilder(SegmentSigner signer, SegmentSink sink) {
    this(signer, sink, new ManifestReader());
  }

  /** Goes on with a manifest where it ends, as it has been read. */
  public ManifestBuilder(SegmentSigner signer, SegmentSink sink, ManifestReader written) {
    this.signer = signer;
    this.sink = sink;
    this.rules = written.rules();
    this.nextIndex = written.nextIndex();
  }

  /** Lists an entry; its number is the count of those before it. */
  public void add(Entry entry) throws IOException {
    rules.entry(entry);
    EntryMessage message = SegmentCodec.message(entry);
    int bytes = CodedOutputStream.computeMessageSize(ListingPart.ENTRIES_FIELD_NUMBER, message);
    if (bytes > ROOM - used) {
      emitListing(false);
    }
    listing.addEntries(message);
    used += bytes;
  }

  /** Closes the listing and lets it out. */
  public void endListing() throws IOException {
    rules.endListing();
    emitListing(true);
  }

  /**
   * Says what a file consists of, or some of that. Every file has its turn, in the order of the
   * listing, and ends. The part may have any number of chunks; they are spread over segments.
   */
  public void add(FilePart part) throws IOException {
    rules.part(part);
    if (PART_OVERHEAD_BYTES > ROOM - used) {
      emitContent(false);
    }
    List<Piece> rest = part.pieces();
    for (int fitting = take(rest); fitting < rest.size(); fitting = take(rest)) {
      if (fitting > 0) {
        parts.add(new FilePart(part.entry(), rest.subList(0, fitting), Optional.empty()));
        rest = rest.subList(fitting, rest.size());
      }
      emitContent(false);
    }
    parts.add(new FilePart(part.entry(), rest, part.end()));
  }

  /** Closes the manifest and lets it out. */
  public void end() throws IOException {
    rules.end();
    emitContent(true);
  }

  /** Lets out what there is. */
  public void flush() throws IOException {
    if (used > 0 && rules.listingComplete()) {
      emitContent(false);
    } else if (used > 0) {
      emitListing(false);
    }
  }

  /** Entries so far. */
  public int entries() {
    return rules.entries();
  }

  /** Chunks so far: the ordinal that the next new one gets. */
  public int chunks() {
    return rules.chunks();
  }

  /** How many bytes of content may still be added, in all. */
  public long contentLeft() {
    return rules.contentLeft();
  }

  private void emitListing(boolean last) throws IOException {
    listing.setLastOfListing(last);
    emit(SegmentBody.newBuilder().setListing(listing).build());
    listing.clear();
  }

  private void emitContent(boolean last) throws IOException {
    emit(SegmentBody.newBuilder().setContent(SegmentCodec.message(parts, last)).build());
    parts.clear();
  }

  private void emit(SegmentBody body) throws IOException {
    used = 0;
    sink.add(signer.sign(nextIndex, body.toByteArray()));
    nextIndex++;
  }

  /** Takes room for a part with as many of these chunks as there is room for. */
  private int take(List<Piece> pieces) {
    used += PART_OVERHEAD_BYTES;
    int fitting = 0;
    while (fitting < pieces.size()) {
      int bytes = size(pieces.get(fitting));
      if (bytes > ROOM - used) {
        break;
      }
      used += bytes;
      fitting++;
    }
    return fitting;
  }

  private static int size(Piece piece) {
    return switch (piece) {
      case Fresh fresh ->
          1 + ChunkHash.BYTES + CodedOutputStream.computeUInt32SizeNoTag(fresh.chunk().length());
      case Known known -> CodedOutputStream.computeUInt64SizeNoTag(known.ordinal() + 1);
    };
  }
}
