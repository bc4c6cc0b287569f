package dev.warren.protocols.transfer.manifest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.FilePart.Complete;
import dev.warren.protocols.transfer.manifest.FilePart.End;
import dev.warren.protocols.transfer.manifest.FilePart.Fresh;
import dev.warren.protocols.transfer.manifest.FilePart.Gone;
import dev.warren.protocols.transfer.manifest.FilePart.Known;
import dev.warren.protocols.transfer.manifest.FilePart.Piece;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.names.LinkTarget;
import dev.warren.protocols.transfer.pb.TransferMessages.ContentPart;
import dev.warren.protocols.transfer.pb.TransferMessages.EntryMessage;
import dev.warren.protocols.transfer.pb.TransferMessages.FileContent;
import dev.warren.protocols.transfer.pb.TransferMessages.ListingPart;
import dev.warren.protocols.transfer.pb.TransferMessages.SegmentBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Segments as bytes. What a body says by itself is checked here, what it says beside the segments
 * before it by {@link ManifestReader}.
 */
public final class SegmentCodec {
  private SegmentCodec() {}

  /** The body that says this. */
  public static byte[] encode(Segment segment) {
    return switch (segment) {
      case Segment.Listing listing -> {
        var part = ListingPart.newBuilder().setLastOfListing(listing.last());
        listing.entries().forEach(entry -> part.addEntries(message(entry)));
        yield SegmentBody.newBuilder().setListing(part).build().toByteArray();
      }
      case Segment.Content content ->
          SegmentBody.newBuilder()
              .setContent(message(content.parts(), content.last()))
              .build()
              .toByteArray();
    };
  }

  static EntryMessage message(Entry entry) {
    var message = EntryMessage.newBuilder().setPath(entry.path().toString());
    return switch (entry) {
      case Entry.File file ->
          message
              .setKind(EntryMessage.Kind.FILE)
              .setSize(file.size())
              .setModified(file.modifiedNanos())
              .setExecutable(file.executable())
              .build();
      case Entry.Directory _ -> message.setKind(EntryMessage.Kind.DIRECTORY).build();
      case Entry.Link link ->
          message.setKind(EntryMessage.Kind.LINK).setTarget(link.target().toString()).build();
    };
  }

  static ContentPart message(List<FilePart> parts, boolean last) {
    var message = ContentPart.newBuilder().setLast(last);
    parts.forEach(part -> message.addFiles(message(part)));
    return message.build();
  }

  private static FileContent message(FilePart part) {
    var message = FileContent.newBuilder().setEntry(part.entry());
    ByteString.Output hashes = ByteString.newOutput(part.pieces().size() * ChunkHash.BYTES);
    for (Piece piece : part.pieces()) {
      switch (piece) {
        case Fresh(Chunk chunk) -> {
          message.addChunks(0).addLengths(chunk.length());
          hashes.write(chunk.hash().toBytes(), 0, ChunkHash.BYTES);
        }
        case Known(long ordinal) -> message.addChunks(ordinal + 1);
      }
    }
    message.setHashes(hashes.toByteString());
    part.end()
        .ifPresent(
            end -> {
              switch (end) {
                case Complete(long size, long modified) ->
                    message.setComplete(true).setSize(size).setModified(modified);
                case Gone() -> message.setGone(true);
              }
            });
    return message.build();
  }

  /**
   * What a body says.
   *
   * @throws ManifestException if it breaks the rules
   * @throws HostileNameException if it has an entry that may not be
   */
  public static Segment decode(byte[] body) throws ManifestException, HostileNameException {
    if (body.length > SignedSegment.MAX_BODY_BYTES) {
      throw new ManifestException("the manifest has a segment of " + body.length + " bytes");
    }
    SegmentBody message;
    try {
      message = SegmentBody.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new ManifestException("the manifest has a segment that cannot be read", e);
    }
    return switch (message.getKindCase()) {
      case LISTING -> listing(message.getListing());
      case CONTENT -> content(message.getContent());
      case KIND_NOT_SET ->
          throw new ManifestException("the manifest has a segment of no known kind");
    };
  }

  private static Segment listing(ListingPart part) throws ManifestException, HostileNameException {
    requireContent(part.getEntriesCount() > 0 || part.getLastOfListing());
    List<Entry> entries = new ArrayList<>(part.getEntriesCount());
    for (EntryMessage message : part.getEntriesList()) {
      entries.add(entry(message));
    }
    return new Segment.Listing(entries, part.getLastOfListing());
  }

  private static Entry entry(EntryMessage message) throws ManifestException, HostileNameException {
    EntryPath path = EntryPath.parse(message.getPath());
    return switch (message.getKind()) {
      case FILE -> {
        require(message.getTarget().isEmpty(), path, "is a file and a link");
        require(message.getSize() >= 0, path, "has a size beyond all bounds");
        yield new Entry.File(
            path, message.getSize(), message.getModified(), message.getExecutable());
      }
      case DIRECTORY -> {
        requireBare(message, path);
        require(message.getTarget().isEmpty(), path, "is a directory and a link");
        yield new Entry.Directory(path);
      }
      case LINK -> {
        requireBare(message, path);
        yield new Entry.Link(path, LinkTarget.parse(path, message.getTarget()));
      }
      case UNRECOGNIZED -> throw new ManifestException("\"" + path + "\" is of no known kind");
    };
  }

  private static void requireBare(EntryMessage message, EntryPath path) throws ManifestException {
    require(
        message.getSize() == 0 && message.getModified() == 0 && !message.getExecutable(),
        path,
        "is no file and has what only files have");
  }

  private static Segment content(ContentPart part) throws ManifestException {
    requireContent(part.getFilesCount() > 0 || part.getLast());
    List<FilePart> parts = new ArrayList<>(part.getFilesCount());
    for (FileContent message : part.getFilesList()) {
      parts.add(new FilePart(message.getEntry(), pieces(message), end(message)));
    }
    return new Segment.Content(parts, part.getLast());
  }

  private static List<Piece> pieces(FileContent message) throws ManifestException {
    List<Piece> pieces = new ArrayList<>(message.getChunksCount());
    byte[] hashes = message.getHashes().toByteArray();
    if (hashes.length != (long) message.getLengthsCount() * ChunkHash.BYTES) {
      throw new ManifestException(
          "the manifest has %d bytes of hashes for %d chunks"
              .formatted(hashes.length, message.getLengthsCount()));
    }
    int fresh = 0;
    for (int i = 0; i < message.getChunksCount(); i++) {
      long reference = message.getChunks(i);
      if (reference != 0) {
        pieces.add(new Known(reference - 1));
        continue;
      }
      if (fresh == message.getLengthsCount()) {
        throw new ManifestException("the manifest has more new chunks than lengths of them");
      }
      int length = message.getLengths(fresh);
      if (length < 1 || length > Chunk.MAX_BYTES) {
        throw new ManifestException(
            "the manifest has a chunk of " + Integer.toUnsignedString(length) + " bytes");
      }
      pieces.add(new Fresh(new Chunk(ChunkHash.of(hashes, fresh * ChunkHash.BYTES), length)));
      fresh++;
    }
    if (fresh != message.getLengthsCount()) {
      throw new ManifestException("the manifest has fewer new chunks than lengths of them");
    }
    return pieces;
  }

  private static Optional<End> end(FileContent message) throws ManifestException {
    if (message.getComplete() && message.getGone()) {
      throw new ManifestException("the manifest has a file that is complete and gone");
    }
    if (message.getComplete()) {
      return Optional.of(new Complete(message.getSize(), message.getModified()));
    }
    if (message.getSize() != 0 || message.getModified() != 0) {
      throw new ManifestException("the manifest has the size of a file before its end");
    }
    return message.getGone() ? Optional.of(new Gone()) : Optional.empty();
  }

  private static void requireContent(boolean condition) throws ManifestException {
    if (!condition) {
      throw new ManifestException("the manifest has a segment that says nothing");
    }
  }

  /** The path has been parsed, so it can be shown. */
  private static void require(boolean condition, EntryPath path, String sentence)
      throws ManifestException {
    if (!condition) {
      throw new ManifestException("\"" + path + "\" " + sentence);
    }
  }
}
