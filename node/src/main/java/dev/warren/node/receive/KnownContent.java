package dev.warren.node.receive;

import dev.warren.node.store.CachedHashes;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.HashCache;
import dev.warren.node.store.KnownChunks;
import dev.warren.node.store.KnownChunks.KnownPlace;
import dev.warren.node.store.StoreException;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.content.ChunkReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** The content of files that this node has shared, received or read before. */
public final class KnownContent implements LocalContent {
  /** Within one tick of a file system's clock a second change would not show. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final HashCache hashes;
  private final KnownChunks known;
  private final InstantSource clock;

  /** Content that these know of. */
  public KnownContent(HashCache hashes, KnownChunks known, InstantSource clock) {
    this.hashes = hashes;
    this.known = known;
    this.clock = clock;
  }

  @Override
  public Optional<KnownFile> look(Path file, LongConsumer hashed) throws IOException {
    try {
      FileStamp stamp = FileStamp.of(file, LinkOption.NOFOLLOW_LINKS);
      Optional<CachedHashes> before = find(file, stamp);
      if (before.isEmpty()) {
        read(file, stamp, hashed);
        hashes.flush();
        before = find(file, stamp);
      }
      return before.map(it -> new KnownFile(stamp, chunks(it)));
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      return Optional.empty(); // not there any more, or not for us
    }
  }

  private Optional<CachedHashes> find(Path file, FileStamp stamp) throws StoreException {
    return hashes.find(file).filter(before -> before.stamp().matches(stamp));
  }

  private Iterator<Chunk> chunks(CachedHashes file) {
    return IntStream.range(0, file.parts())
        .mapToObj(part -> part == 0 ? file.first() : part(file, part))
        .flatMap(List::stream)
        .iterator();
  }

  private List<Chunk> part(CachedHashes file, int part) {
    try {
      return hashes.part(file, part);
    } catch (StoreException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Path file, FileStamp stamp, LongConsumer hashed) throws IOException {
    long begun = clock.millis();
    HashCache.Recording recording = hashes.record(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var reader = new ChunkReader(channel);
      while (reader.next()) {
        recording.add(reader.chunk());
        hashed.accept(reader.chunk().length());
      }
    }
    long modified = TimeUnit.NANOSECONDS.toMillis(stamp.modifiedNanos());
    if (FileStamp.of(file, LinkOption.NOFOLLOW_LINKS).equals(stamp)
        && modified < begun - TICK.toMillis()) {
      recording.complete(stamp);
    }
  }

  @Override
  public Places find(List<Chunk> chunks) throws IOException {
    Map<ChunkHash, KnownPlace> places =
        chunks.isEmpty()
            ? Collections.emptyMap()
            : known.find(chunks.stream().map(Chunk::hash).toList());
    return (chunk, into) -> {
      if (chunk.equals(Chunk.ZEROS)) {
        Arrays.fill(into, 0, chunk.length(), (byte) 0);
        return true;
      }
      KnownPlace place = places.get(chunk.hash());
      return place != null && read(place, chunk, into);
    };
  }

  private static boolean read(KnownPlace place, Chunk chunk, byte[] into) {
    try {
      return place.length() == chunk.length()
          // What has changed is not worth reading, and what is no file any more might never end.
          && place.stamp().matches(FileStamp.of(place.file(), LinkOption.NOFOLLOW_LINKS))
          && Verification.readFrom(place.file(), place.offset(), into, 0, chunk.length())
          && Verification.matches(chunk, into, 0);
    } catch (IOException e) {
      return false; // what was there is not any more, or not for us
    }
  }

  @Override
  public void learn(Path file, FileStamp stamp, Iterator<Chunk> chunks) {
    HashCache.Recording recording = hashes.record(file);
    chunks.forEachRemaining(recording::add);
    recording.complete(stamp);
  }

  @Override
  public void flush() throws IOException {
    hashes.flush();
  }
}
