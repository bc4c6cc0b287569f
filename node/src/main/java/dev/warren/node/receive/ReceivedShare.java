package dev.warren.node.receive;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.FileSum;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.fetch.ShareTarget;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share on the disk that receives it. Begins with the listing; when it is agreed what of it is
 * wanted, {@link #begin} lets content in.
 *
 * <p>Places of chunks become known while content arrives, so the two exclude each other: who writes
 * holds {@link #places} for reading, and a segment that names places holds it for writing.
 */
public final class ReceivedShare implements ShareTarget, Closeable {
  private static final Logger log = LoggerFactory.getLogger(ReceivedShare.class);

  private static final int PAGE = 1024;

  private static final String BOOT = "boot";
  private static final String BEGUN = "begun";

  private final ShareDatabase database;
  private final Destination destination;
  private final PartialFiles partials;
  private final LocalContent local;
  private final Saver saver;
  private final FileFiller filler;
  private final ContentAdder adder;
  private final ReentrantReadWriteLock places = new ReentrantReadWriteLock();

  /**
   * One of them is held while a chunk is written: who brings it as well has to wait until it is
   * there, since it may be the last. Taken after {@link #places}.
   */
  private final List<ReentrantLock> chunkLocks =
      Stream.generate(ReentrantLock::new).limit(64).toList();

  /** Ends when content may come; or never will. */
  private final CountDownLatch agreed = new CountDownLatch(1);

  private final LongAdder reusedBytes = new LongAdder();

  /** Nothing may be written any more. Set with {@link #places} held for writing. */
  private volatile boolean closed;

  /** Some chunk is in some of its places: what follows could not be told from what is whole. */
  private volatile boolean broken;

  /**
   * Opens what is there of a share, or begins with nothing.
   *
   * @param root the directory to receive into
   * @param partialName tells its partial directory from those of other shares there
   */
  public ReceivedShare(
      ShareDatabase database, Path root, String partialName, LocalContent local, TimeSource time)
      throws IOException {
    this.database = database;
    this.local = local;
    destination = new Destination(root);
    partials =
        new PartialFiles(destination.resolve(EntryPath.PARTIAL_PREFIX + partialName), destination);
    saver = new Saver(database, partials, local, time);
    filler = new FileFiller(database, destination, partials, saver);
    adder = new ContentAdder(database, destination, local, saver, filler);
    if (database.meta(BEGUN).isPresent()) {
      resume();
    }
  }

  // --- The life of a share

  /** Whether it was agreed what is wanted, now or in an earlier process. */
  public boolean hasBegun() {
    return agreed.getCount() == 0 && !closed;
  }

  /** Lets content in. What is not wanted has been marked by {@link ListingPlan}. */
  public void begin() throws IOException {
    if (closed) {
      throw new IOException("the share is closed");
    }
    destination.makeDirectory(destination.root());
    partials.create();
    letIn();
    database.putMeta(BEGUN, "yes");
  }

  private void resume() throws IOException {
    boolean restarted = !database.meta(BOOT).equals(Optional.of(Boot.id()));
    Optional<Long> kept = adder.keptSoFar();
    if (kept.isPresent()) {
      partials.discard(kept.get());
    }
    try {
      new Resumption(database, destination, partials, local, filler, saver).run(restarted);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    log.debug("resuming with {} chunks written", saver.written().size());
    letIn();
  }

  private void letIn() throws IOException {
    database.putMeta(BOOT, Boot.id());
    agreed.countDown();
    saver.begin();
  }

  /**
   * All content is here: makes what has none, directories and links, and clears up.
   *
   * @throws IOException if some of it cannot be made
   */
  public Finished finish() throws IOException {
    saver.save();
    local.flush();
    long files = 0;
    long bytes = 0;
    long skipped = 0;
    long gone = 0;
    List<String> firstGone = new ArrayList<>();
    for (long first = 0; first < database.totals().entries(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        switch (EntryState.of(stored.state())) {
          case WANTED, REPLACING -> make(stored);
          case FINISHED -> {
            files++;
            bytes += FileFiller.sizeOf(stored);
          }
          case SKIPPED -> skipped++;
          case GONE -> {
            gone++;
            if (firstGone.size() < Finished.MAX_NAMED) {
              firstGone.add(stored.entry().path().toString());
            }
          }
          case EXCLUDED -> {}
        }
      }
    }
    partials.delete();
    return new Finished(new FileSum(files, bytes), skipped, gone, firstGone);
  }

  private void make(StoredEntry stored) throws IOException {
    Path path = destination.pathOf(stored);
    switch (stored.entry()) {
      case Entry.Directory _ -> destination.makeDirectory(path);
      case Entry.Link link -> {
        Path target = Path.of(link.target().toString());
        if (EntryState.of(stored.state()) == EntryState.REPLACING) {
          destination.replaceByLink(path, target, partials.empty(stored.number()));
        } else {
          filler.note(stored, destination.makeLink(path, target));
        }
      }
      case Entry.File _ -> {}
    }
  }

  /** Ends it, once what is being written is. */
  @Override
  public void close() {
    places.writeLock().lock();
    try {
      closed = true;
    } finally {
      places.writeLock().unlock();
    }
    agreed.countDown();
    saver.close();
    try {
      partials.close();
    } catch (IOException e) {
      log.warn("partial files cannot be closed", e);
    }
  }

  /** How many files have their name. */
  public long finishedFiles() {
    return filler.finishedFiles().sum();
  }

  /** Files that turned out not to be at the sharer's any more. */
  public FileSum gone() {
    return adder.gone();
  }

  /** How many bytes of what was asked for are where they belong. */
  public long filledBytes() {
    return filler.filledBytes().sum();
  }

  /** How many bytes were on this disk already. */
  public long reusedBytes() {
    return reusedBytes.sum() + adder.keptBytes();
  }

  /** The file that was written to last; empty if none was. */
  public String currentFile() {
    return filler.current().map(stored -> stored.entry().path().toString()).orElse("");
  }

  /** Where the first file is that was wanted, when all of it is here. */
  public Path firstFile() throws IOException {
    for (long first = 0; first < database.totals().entries(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        if (EntryState.of(stored.state()) == EntryState.FINISHED
            && stored.entry() instanceof Entry.File) {
          return destination.pathOf(stored);
        }
      }
    }
    throw new NoSuchFileException(destination.root().toString(), null, "no file was received");
  }

  Destination destination() {
    return destination;
  }

  ShareDatabase database() {
    return database;
  }

  LocalContent local() {
    return local;
  }

  // --- For others to fetch

  /** What is here. */
  public ChunkSet chunksHere() {
    return saver.written();
  }

  /** The length of a chunk. */
  public int chunkLength(long ordinal) throws IOException {
    return filler.windows().chunk(ordinal).orElseThrow(() -> notHere(ordinal)).length();
  }

  /**
   * Reads a chunk from wherever it has been written.
   *
   * @return its length
   * @throws ChunkUnavailableException if it is not here, or not any more
   */
  public int read(long ordinal, byte[] into, int offset) throws IOException {
    int length = filler.read(ordinal, into, offset);
    if (length < 0) {
      throw notHere(ordinal);
    }
    return length;
  }

  private static ChunkUnavailableException notHere(long ordinal) {
    return new ChunkUnavailableException(
        ChunkUnavailableException.Reason.NOT_HERE, "chunk " + ordinal + " is not here");
  }

  // --- ShareTarget

  @Override
  public SegmentLog segments() {
    return database;
  }

  @Override
  public int[] add(SignedSegment signed, Segment segment) throws IOException {
    return switch (segment) {
      case Segment.Listing listing -> {
        database.add(signed, listing);
        yield new int[0];
      }
      case Segment.Content content -> {
        awaitAgreement();
        yield addContent(signed, content);
      }
    };
  }

  private void awaitAgreement() throws IOException {
    try {
      agreed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before it was agreed what to receive", e);
    }
  }

  private int[] addContent(SignedSegment signed, Segment.Content content) throws IOException {
    places.writeLock().lock();
    try {
      checkUsable();
      broken = true;
      int[] neededAgain = adder.add(signed, content);
      broken = false;
      return neededAgain;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      places.writeLock().unlock();
    }
  }

  private void checkUsable() throws IOException {
    if (closed || broken) {
      throw new IOException(
          closed ? "the share is closed" : "something before could not be written");
    }
  }

  @Override
  public long chunkCount() {
    return database.totals().chunks();
  }

  @Override
  public int averageChunkBytes() {
    var totals = database.totals();
    return Math.clamp(totals.endedBytes() / Math.max(1, totals.chunks()), 1, Chunk.MAX_BYTES);
  }

  @Override
  public List<Chunk> chunks(long first, int count) throws IOException {
    return database.chunks(first, count);
  }

  @Override
  public boolean isDone(long ordinal) {
    return saver.written().contains(ordinal) || saver.unwanted().contains(ordinal);
  }

  @Override
  public int[] reuse(int[] ordinals) throws IOException {
    List<Chunk> chunks = chunks(ordinals);
    LocalContent.Places found = local.find(chunks);
    int[] remaining = new int[ordinals.length];
    int count = 0;
    byte[] buffer = new byte[0];
    for (int i = 0; i < ordinals.length; i++) {
      Chunk chunk = chunks.get(i);
      if (buffer.length < chunk.length()) {
        buffer = new byte[chunk.length()];
      }
      if (found.read(chunk, buffer)) {
        write(ordinals[i], buffer, 0, chunk.length());
        reusedBytes.add(chunk.length());
      } else {
        remaining[count++] = ordinals[i];
      }
    }
    return Arrays.copyOf(remaining, count);
  }

  private List<Chunk> chunks(int[] ordinals) throws IOException {
    List<Chunk> chunks = new ArrayList<>(ordinals.length);
    while (chunks.size() < ordinals.length) {
      int first = ordinals[chunks.size()];
      int run = 1;
      while (chunks.size() + run < ordinals.length
          && ordinals[chunks.size() + run] == first + run) {
        run++;
      }
      chunks.addAll(database.chunks(first, run));
    }
    return chunks;
  }

  @Override
  public void write(long ordinal, byte[] array, int offset, int length) throws IOException {
    places.readLock().lock();
    ReentrantLock chunkLock = chunkLocks.get((int) (ordinal % chunkLocks.size()));
    chunkLock.lock();
    try {
      if (!saver.written().contains(ordinal)) {
        checkUsable();
        fill(ordinal, array, offset, length);
        saver.written().add(ordinal);
      }
    } finally {
      chunkLock.unlock();
      places.readLock().unlock();
    }
  }

  private void fill(long ordinal, byte[] array, int offset, int length) throws IOException {
    boolean filled = false;
    try {
      filler.fill(ordinal, array, offset, length);
      filled = true;
    } finally {
      broken |= !filled;
    }
  }
}
