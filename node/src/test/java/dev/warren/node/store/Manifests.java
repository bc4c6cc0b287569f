package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Parts of manifests for tests. */
final class Manifests {
  private Manifests() {}

  static Entry.File file(String path, long size) {
    return new Entry.File(path(path), size, 1_000_000_007L, false);
  }

  static EntryPath path(String path) {
    try {
      return EntryPath.parse(path);
    } catch (HostileNameException e) {
      throw new AssertionError(e);
    }
  }

  /** A hash that is spread like a real one. */
  static ChunkHash hash(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(ChunkHash.BYTES);
    long bits = number;
    while (bytes.hasRemaining()) {
      bits = (bits + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
      bits ^= bits >>> 31;
      bytes.putLong(bits);
    }
    return ChunkHash.of(bytes.array());
  }

  static FilePart.Fresh fresh(long number, int length) {
    return new FilePart.Fresh(new Chunk(hash(number), length));
  }

  static FilePart.Known known(long ordinal) {
    return new FilePart.Known(ordinal);
  }

  static FilePart part(long entry, FilePart.Piece... pieces) {
    return new FilePart(entry, List.of(pieces), Optional.empty());
  }

  static FilePart whole(long entry, long size, FilePart.Piece... pieces) {
    return new FilePart(
        entry, List.of(pieces), Optional.of(new FilePart.Complete(size, 2_000_000_007L)));
  }

  static FilePart gone(long entry) {
    return new FilePart(entry, List.of(), Optional.of(new FilePart.Gone()));
  }

  /** Adds the next segment. */
  static void add(ShareDatabase share, Segment segment) throws StoreException {
    byte[] body = new byte[16];
    Arrays.fill(body, (byte) share.size());
    share.add(new SignedSegment(share.size(), body, new byte[64]), segment);
  }

  static void list(ShareDatabase share, boolean last, Entry... entries) throws StoreException {
    add(share, new Segment.Listing(List.of(entries), last));
  }

  static void content(ShareDatabase share, boolean last, FilePart... parts) throws StoreException {
    add(share, new Segment.Content(List.of(parts), last));
  }
}
