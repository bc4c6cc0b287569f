package dev.warren.node.share;

import dev.warren.node.share.HashingJob.Result;
import dev.warren.node.share.HashingJob.Source;
import dev.warren.node.store.CachedHashes;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.HashCache;
import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.ShareDatabase.Local;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.ManifestBuilder;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.manifest.SegmentCodec;
import dev.warren.protocols.transfer.manifest.SegmentSigner;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Makes the manifest of a share: lists it, has its files hashed, and writes down what comes of that
 * in the order of the listing. Goes on where an earlier one was cut off. For one thread, but for
 * {@link #stop} and {@link #currentFile}.
 */
final class Indexer {
  /** What the indexer lists. */
  @FunctionalInterface
  interface Listing {
    /** Gives all entries to the sink, in order. */
    void list(Scanner.Sink sink) throws IOException;
  }

  /** Whoever waits for segments gets what there is no later than this. */
  private static final Duration PROMPT = Duration.ofMillis(100);

  private static final int ENTRIES_AT_A_TIME = 512;

  /** How many jobs are begun before the first of them has been written down. */
  private static final int MAX_JOBS = 32;

  private static final int MAX_JOB_FILES = 64;
  private static final long MAX_JOB_BYTES = 4 << 20;

  /** Chunks that segments to come will name, and some that they have named. */
  private static final int MAX_RECENT = 16 * 1024;

  private static final int MAX_LOCALS = 1000;

  private final ShareDatabase share;
  private final SegmentSigner signer;
  private final HashCache cache;
  private final Hasher hasher;
  private final Sources sources;
  private final Consumer<ShareNote> notes;

  private ManifestBuilder builder;

  /** Whether the builder knows what has been written. */
  private boolean caughtUp;

  private long lastFlush = System.nanoTime();

  /** Of files that the next segments will name. */
  private final Map<Long, Long> fileKeys = new HashMap<>();

  private final Map<ChunkHash, Long> recent = new HashMap<>();
  private long nextOrdinal;

  /** What has been begun or found, in the order of the listing. */
  private final Deque<Work> works = new ArrayDeque<>();

  private final Deque<Source> ahead = new ArrayDeque<>();
  private long nextEntry;

  // Of the file that is written down at the moment.
  private long file = -1;
  private long position;
  private boolean lost;

  private volatile boolean stopped;
  private volatile String currentFile = "";

  /** Something that yields results in order. */
  private sealed interface Work {}

  private record Hashing(HashingJob job) implements Work {}

  private record Cached(Source source, CachedHashes hashes) implements Work {}

  Indexer(
      ShareDatabase share,
      SegmentSigner signer,
      HashCache cache,
      Hasher hasher,
      Sources sources,
      Consumer<ShareNote> notes) {
    this.share = share;
    this.signer = signer;
    this.cache = cache;
    this.hasher = hasher;
    this.sources = sources;
    this.notes = notes;
    this.builder = new ManifestBuilder(signer, this::add);
  }

  private void add(SignedSegment signed) throws IOException {
    share.add(
        signed,
        SegmentCodec.decode(signed.body()),
        entry -> Optional.ofNullable(fileKeys.remove(entry)).orElse(0L));
  }

  /** Ends what {@link #list} or {@link #hash} does, soon. */
  void stop() {
    stopped = true;
  }

  /** The file that is being hashed; empty if none is. */
  String currentFile() {
    return currentFile;
  }

  // --- listing

  /** Lists, or goes on behind those entries that have been listed. */
  void list(Listing listing) throws IOException {
    catchUp();
    long listed = builder.entries();
    long[] next = {0};
    List<Local> locals = new ArrayList<>();
    listing.list(
        (entry, source, stamp) -> {
          requireGoingOn();
          long number = next[0]++;
          if (!sources.below(entry.path()).equals(Optional.of(source))) {
            locals.add(new Local(number, Optional.of(source.toString()), stamp.key()));
          }
          if (number >= listed) {
            fileKeys.put(number, stamp.key());
            builder.add(entry);
          }
          if (locals.size() >= MAX_LOCALS) {
            builder.flush();
            save(locals);
          }
          flushIfAwaited();
        });
    builder.endListing();
    save(locals);
    fileKeys.clear();
  }

  /** Goes on where the manifest ends, unless this indexer has written it. */
  private void catchUp() throws IOException {
    if (!caughtUp) {
      builder = new ManifestBuilder(signer, this::add, ManifestReader.of(share));
      caughtUp = true;
    }
  }

  private void save(List<Local> locals) throws IOException {
    share.setLocal(locals);
    locals.clear();
  }

  // --- hashing

  /** Hashes all files of the listing that have not been, and ends the manifest. */
  void hash() throws IOException, InterruptedException {
    if (share.complete()) {
      return;
    }
    catchUp();
    nextOrdinal = builder.chunks();
    try {
      while (fill() && !stopped) {
        write(works.getFirst());
        works.removeFirst();
      }
    } finally {
      works.forEach(
          work -> {
            if (work instanceof Hashing hashing) {
              hashing.job().cancel();
            }
          });
      currentFile = "";
    }
    requireGoingOn();
    builder.end();
    cache.flush();
  }

  private void requireGoingOn() throws IOException {
    if (stopped) {
      throw new IndexingStoppedException();
    }
  }

  /** Sees to it that enough is under way; yields whether anything is. */
  private boolean fill() throws IOException {
    while (works.size() < MAX_JOBS) {
      if (ahead.isEmpty() && !readAhead()) {
        break;
      }
      Map<Path, CachedHashes> known = known(ahead);
      List<Source> unknown = new ArrayList<>();
      long bytes = 0;
      while (!ahead.isEmpty()) {
        Source source = ahead.removeFirst();
        CachedHashes hashes = known.get(source.path());
        long size = source.entry().stamp().size();
        if (hashes != null
            || unknown.size() == MAX_JOB_FILES
            || (bytes + size > MAX_JOB_BYTES && !unknown.isEmpty())) {
          begin(unknown);
          unknown = new ArrayList<>();
          bytes = 0;
        }
        if (hashes != null) {
          works.add(new Cached(source, hashes));
        } else {
          unknown.add(source);
          bytes += size;
        }
      }
      begin(unknown);
    }
    return !works.isEmpty();
  }

  /** Reads some more files of the listing; yields whether there are any. */
  private boolean readAhead() throws IOException {
    while (ahead.isEmpty() && nextEntry < share.totals().entries()) {
      for (StoredEntry entry : share.entries(nextEntry, ENTRIES_AT_A_TIME)) {
        nextEntry = entry.number() + 1;
        boolean ended =
            switch (entry.content()) {
              case LISTED, BEGUN -> false;
              case COMPLETE, GONE -> true;
            };
        if (entry.entry() instanceof Entry.File && !ended) {
          ahead.add(new Source(entry, sources.of(entry)));
        }
      }
    }
    return !ahead.isEmpty();
  }

  /** What is known already of files that have not changed since. */
  private Map<Path, CachedHashes> known(Deque<Source> files) throws IOException {
    Map<Path, CachedHashes> known =
        new HashMap<>(cache.find(files.stream().map(Source::path).toList()));
    for (Source source : files) {
      CachedHashes hashes = known.get(source.path());
      if (hashes != null && !hashes.stamp().equals(source.entry().stamp())) {
        known.remove(source.path());
      }
    }
    return known;
  }

  private void begin(List<Source> files) {
    if (!files.isEmpty()) {
      HashingJob job = new HashingJob(files);
      works.add(new Hashing(job));
      hasher.begin(job);
    }
  }

  // --- writing down

  private void write(Work work) throws IOException, InterruptedException {
    switch (work) {
      case Hashing hashing -> write(hashing.job());
      case Cached cached -> write(cached);
    }
  }

  private void write(HashingJob job) throws IOException, InterruptedException {
    currentFile = job.sources().getFirst().entry().entry().path().toString();
    while (!job.exhausted() && !stopped) {
      Optional<Result> result = job.take(PROMPT.toMillis());
      if (result.isPresent()) {
        write(result.get().source(), result.get().part());
      }
      flushIfAwaited();
    }
  }

  private void write(Cached cached) throws IOException, InterruptedException {
    FileStamp stamp = cached.hashes().stamp();
    List<Chunk> chunks = cached.hashes().first();
    for (int part = 1; part < cached.hashes().parts(); part++) {
      write(cached.source(), new HashedPart(chunks, Optional.empty()));
      chunks = cache.part(cached.hashes(), part);
      if (chunks.isEmpty()) {
        // Another process has hashed the file anew meanwhile.
        builder.flush();
        file = -1;
        HashingJob job =
            new HashingJob(
                List.of(
                    new Source(
                        share.entry(cached.source().entry().number()), cached.source().path())));
        hasher.begin(job);
        write(job);
        return;
      }
    }
    write(cached.source(), HashedPart.whole(chunks, stamp));
    flushIfAwaited();
  }

  private void write(Source source, HashedPart part) throws IOException {
    long entry = source.entry().number();
    if (entry != file) {
      file = entry;
      position = 0;
      lost = false;
      currentFile = source.entry().entry().path().toString();
    }
    if (lost) {
      return;
    }
    List<FilePart.Piece> pieces = new ArrayList<>(part.chunks().size());
    long room = builder.contentLeft();
    for (Chunk chunk : part.chunks()) {
      if (source.entry().content() == StoredEntry.Content.BEGUN) {
        Optional<PlacedChunk> before = share.content(entry, position, 1).stream().findFirst();
        if (before.isPresent()) {
          if (before.get().offset() != position || !before.get().chunk().equals(chunk)) {
            lose(source, source.path() + " is left out, since it changed while it was shared");
            return;
          }
          position += chunk.length();
          continue;
        }
      }
      room -= chunk.length();
      if (room < 0) {
        tell(entry, pieces); // since they have got their ordinals
        lose(source, source.path() + " is left out, since it grew much after the share had begun");
        return;
      }
      pieces.add(piece(chunk));
      position += chunk.length();
    }
    if (part.end().isEmpty()) {
      tell(entry, pieces);
      return;
    }
    switch (part.end().get()) {
      case HashedPart.Lost(String sentence) -> lose(source, sentence);
      case HashedPart.Whole(FileStamp stamp) -> {
        fileKeys.put(entry, stamp.key());
        var complete = new FilePart.Complete(position, stamp.modifiedNanos());
        builder.add(new FilePart(entry, pieces, Optional.of(complete)));
      }
    }
  }

  private void tell(long entry, List<FilePart.Piece> pieces) throws IOException {
    if (!pieces.isEmpty()) {
      builder.add(new FilePart(entry, pieces, Optional.empty()));
    }
  }

  private void lose(Source source, String sentence) throws IOException {
    lost = true;
    notes.accept(new ShareNote(source.path(), sentence));
    builder.add(new FilePart(source.entry().number(), List.of(), Optional.of(new FilePart.Gone())));
  }

  private FilePart.Piece piece(Chunk chunk) throws IOException {
    Long ordinal = recent.get(chunk.hash());
    if (ordinal != null) {
      return new FilePart.Known(ordinal);
    }
    OptionalLong found = share.ordinalOf(chunk.hash());
    if (found.isPresent()) {
      return new FilePart.Known(found.getAsLong());
    }
    if (recent.size() >= MAX_RECENT) {
      long named = share.totals().chunks();
      recent.values().removeIf(old -> old < named);
    }
    recent.put(chunk.hash(), nextOrdinal++);
    return new FilePart.Fresh(chunk);
  }

  private void flushIfAwaited() throws IOException {
    if (System.nanoTime() - lastFlush >= PROMPT.toNanos() && share.awaited()) {
      builder.flush();
      lastFlush = System.nanoTime();
    }
  }
}
