package dev.warren.node.receive;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.ManifestBuilder;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SegmentSigner;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.names.LinkTarget;
import dev.warren.sharecodes.ShareId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A share of content in memory, with the segments that a sharer would make of it. */
final class MadeShare {
  final Map<String, byte[]> files = new LinkedHashMap<>();
  final List<Entry> others = new ArrayList<>();
  final List<byte[]> chunks = new ArrayList<>();
  final List<SignedSegment> segments = new ArrayList<>();

  /** Files whose content is split over segments, so many chunks in each part. */
  int chunksPerSegment = Integer.MAX_VALUE;

  /** How many such parts a segment has. */
  int partsPerSegment = 1;

  /** Files that are not there any more when it is their turn. */
  final Set<String> gone = new HashSet<>();

  /** Whether each file has a segment of its own. */
  boolean segmentPerFile;

  static final long MODIFIED = 1_700_000_000_123_456_789L;

  MadeShare file(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  MadeShare directory(String path) throws HostileNameException {
    others.add(new Entry.Directory(EntryPath.parse(path)));
    return this;
  }

  MadeShare link(String path, String target) throws HostileNameException {
    EntryPath at = EntryPath.parse(path);
    others.add(new Entry.Link(at, LinkTarget.parse(at, target)));
    return this;
  }

  MadeShare make() throws IOException {
    PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    var builder = new ManifestBuilder(new SegmentSigner(key, new ShareId("TEST")), segments::add);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      builder.add(
          new Entry.File(
              EntryPath.parse(file.getKey()),
              file.getValue().length,
              MODIFIED,
              file.getKey().endsWith(".sh")));
    }
    for (Entry other : others) {
      builder.add(other);
    }
    builder.endListing();
    Map<Chunk, Long> known = new HashMap<>();
    long entry = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (gone.contains(file.getKey())) {
        builder.add(new FilePart(entry, List.of(), Optional.of(new FilePart.Gone())));
      } else {
        add(builder, known, entry, file.getValue());
      }
      entry++;
      if (segmentPerFile) {
        builder.flush();
      }
    }
    builder.end();
    return this;
  }

  private void add(ManifestBuilder builder, Map<Chunk, Long> known, long entry, byte[] content)
      throws IOException {
    var reader = new ChunkReader(Channels.newChannel(new ByteArrayInputStream(content)));
    List<FilePart.Piece> pieces = new ArrayList<>();
    int parts = 0;
    while (reader.next()) {
      Chunk chunk = reader.chunk();
      Long ordinal = known.get(chunk);
      if (ordinal == null) {
        known.put(chunk, (long) chunks.size());
        chunks.add(
            Arrays.copyOfRange(reader.array(), reader.offset(), reader.offset() + reader.length()));
        pieces.add(new FilePart.Fresh(chunk));
      } else {
        pieces.add(new FilePart.Known(ordinal));
      }
      if (pieces.size() == chunksPerSegment) {
        builder.add(new FilePart(entry, pieces, Optional.empty()));
        parts++;
        if (parts % partsPerSegment == 0) {
          builder.flush();
        }
        pieces.clear();
      }
    }
    builder.add(
        new FilePart(entry, pieces, Optional.of(new FilePart.Complete(content.length, MODIFIED))));
  }

  /** The segments, read as a receiver does. */
  List<Segment> read() throws IOException {
    var reader = new ManifestReader();
    List<Segment> read = new ArrayList<>();
    for (SignedSegment segment : segments) {
      read.add(reader.read(segment));
    }
    return read;
  }
}
