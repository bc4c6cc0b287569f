package dev.warren.node.receive;

import dev.warren.node.store.CachedHashes;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.HashCache;
import dev.warren.node.store.KnownChunks;
import dev.warren.node.store.KnownChunks.KnownPlace;
import dev.warren.node.store.PlacedChunk;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The content of files that this node has shared, received or read before. */
public final class KnownContent implements LocalContent {
  private final HashCache hashes;
  private final KnownChunks known;

  /** Content that these know of. */
  public KnownContent(HashCache hashes, KnownChunks known) {
    this.hashes = hashes;
    this.known = known;
  }

  @Override
  public List<Chunk> chunksOf(Path file, LongConsumer hashed) throws IOException {
    FileStamp stamp = FileStamp.of(file, LinkOption.NOFOLLOW_LINKS);
    Optional<CachedHashes> cached =
        Optional.ofNullable(hashes.find(List.of(file)).get(file))
            .filter(before -> before.stamp().matches(stamp));
    return cached.isPresent() ? all(cached.get()) : read(file, stamp, hashed);
  }

  private List<Chunk> all(CachedHashes file) throws IOException {
    List<Chunk> chunks = new ArrayList<>(file.first());
    for (int part = 1; part < file.parts(); part++) {
      chunks.addAll(hashes.part(file, part));
    }
    return chunks;
  }

  private List<Chunk> read(Path file, FileStamp stamp, LongConsumer hashed) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    HashCache.Recording recording = hashes.record(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var reader = new ChunkReader(channel);
      while (reader.next()) {
        chunks.add(reader.chunk());
        recording.add(reader.chunk());
        hashed.accept(reader.chunk().length());
      }
    }
    if (FileStamp.of(file, LinkOption.NOFOLLOW_LINKS).equals(stamp)) {
      recording.complete(stamp);
    }
    return chunks;
  }

  @Override
  public boolean read(Chunk chunk, byte[] into) throws IOException {
    if (chunk.equals(Chunk.ZEROS)) {
      Arrays.fill(into, 0, chunk.length(), (byte) 0);
      return true;
    }
    KnownPlace place = known.find(List.of(chunk.hash())).get(chunk.hash());
    if (place == null || place.length() != chunk.length()) {
      return false;
    }
    try {
      return Verification.readFrom(place.file(), place.offset(), into, 0, chunk.length())
          && Verification.matches(Verification.sha256(), chunk, into);
    } catch (IOException e) {
      return false; // what was there is not any more, or not for us
    }
  }

  @Override
  public void learn(Path file, List<PlacedChunk> chunks) throws IOException {
    FileStamp stamp = FileStamp.of(file, LinkOption.NOFOLLOW_LINKS);
    HashCache.Recording recording = hashes.record(file);
    chunks.forEach(placed -> recording.add(placed.chunk()));
    recording.complete(stamp);
  }
}
