package dev.warren.protocols.transfer.manifest;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.FilePart.Complete;
import dev.warren.protocols.transfer.manifest.FilePart.Fresh;
import dev.warren.protocols.transfer.manifest.FilePart.Known;
import dev.warren.protocols.transfer.manifest.FilePart.Piece;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.names.LinkTarget;
import dev.warren.sharecodes.ShareId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What tests make manifests of. */
final class Samples {
  static final PrivateKey SHARER = PrivateKey.generate(KeyType.ED25519);
  static final ShareId SHARE = new ShareId("ABC123");
  static final SegmentSigner SIGNER = new SegmentSigner(SHARER, SHARE);
  static final SegmentVerifier VERIFIER = new SegmentVerifier(SHARER.publicKey(), SHARE);

  private Samples() {}

  static EntryPath path(String text) {
    try {
      return EntryPath.parse(text);
    } catch (HostileNameException e) {
      throw new AssertionError(e);
    }
  }

  static Entry file(String path, long size) {
    return new Entry.File(path(path), size, 1_700_000_000_123_456_789L, false);
  }

  static Entry directory(String path) {
    return new Entry.Directory(path(path));
  }

  static Entry link(String path, String target) {
    try {
      return new Entry.Link(path(path), LinkTarget.parse(path(path), target));
    } catch (HostileNameException e) {
      throw new AssertionError(e);
    }
  }

  static Piece fresh(int seed, int length) {
    byte[] hash = new byte[ChunkHash.BYTES];
    Arrays.fill(hash, (byte) seed);
    return new Fresh(new Chunk(ChunkHash.of(hash), length));
  }

  static Piece known(long ordinal) {
    return new Known(ordinal);
  }

  static FilePart whole(long entry, long size, Piece... pieces) {
    return whole(entry, size, List.of(pieces));
  }

  static FilePart whole(long entry, long size, List<Piece> pieces) {
    return new FilePart(entry, pieces, Optional.of(new Complete(size, -5)));
  }

  static FilePart part(long entry, Piece... pieces) {
    return new FilePart(entry, List.of(pieces), Optional.empty());
  }

  static FilePart gone(long entry, Piece... pieces) {
    return new FilePart(entry, List.of(pieces), Optional.of(new FilePart.Gone()));
  }

  static Segment listing(boolean last, Entry... entries) {
    return new Segment.Listing(List.of(entries), last);
  }

  static Segment content(boolean last, FilePart... parts) {
    return new Segment.Content(List.of(parts), last);
  }
}
