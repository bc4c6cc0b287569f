package dev.warren.node.receive;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.receive.PlaceWindows.Spot;
import dev.warren.node.store.ChunkBitmap;
import dev.warren.node.store.ChunkMark;
import dev.warren.node.store.PlacedChunk;
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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share on the disk that receives it. Begins with the listing; when it is agreed what of it is
 * wanted, {@link #begin} lets content in.
 *
 * <p>A chunk is <em>written</em> when it is in every place that is known for it and wanted. Places
 * become known while content arrives, so the two exclude each other: who writes holds {@link
 * #places} for reading, and a segment that names places holds it for writing.
 *
 * <p>What has been written is saved four times a second. A process that is killed writes again what
 * came after that, and finds files that have got their name meanwhile to be the same.
 */
public final class ReceivedShare implements ShareTarget, Closeable {
  private static final Logger log = LoggerFactory.getLogger(ReceivedShare.class);

  private static final Duration SAVE_INTERVAL = Duration.ofMillis(250);

  /** Every how many saves what was written is forced to the disk. */
  private static final int FORCE_EVERY = 40;

  private static final int PAGE = 1024;

  private static final String BOOT = "boot";
  private static final String BEGUN = "begun";

  private final ShareDatabase database;
  private final Destination destination;
  private final PartialFiles partials;
  private final LocalContent local;
  private final TimeSource time;
  private final PlaceWindows windows;
  private final ReentrantReadWriteLock places = new ReentrantReadWriteLock();
  private final FilesInProgress inProgress = new FilesInProgress();
  private final ContentAdder adder;

  /** Ends when content may come; or never will. */
  private final CountDownLatch agreed = new CountDownLatch(1);

  private final ChunkBitmap written;
  private final ChunkBitmap durable;

  /** Chunks all places of which, as far as they are known, are in entries that are skipped. */
  private final ChunkBitmap unwanted;

  /** Chunks that some thread is writing at the moment. */
  private final Set<Long> writing = ConcurrentHashMap.newKeySet();

  /** Entries that have their name, which is to be saved. */
  private final ConcurrentLinkedQueue<Long> named = new ConcurrentLinkedQueue<>();

  private final LongAdder finishedFiles = new LongAdder();
  private final LongAdder reusedBytes = new LongAdder();

  /** Held while saving, and for {@link #saves} and {@link #nextSave}. */
  private final ReentrantLock saving = new ReentrantLock();

  private int saves;
  private TimeSource.Scheduled nextSave = () -> {};
  private volatile boolean closed;

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
    this.time = time;
    destination = new Destination(root);
    partials =
        new PartialFiles(destination.resolve(EntryPath.PARTIAL_PREFIX + partialName), destination);
    windows = new PlaceWindows(database);
    written = database.bitmap(ChunkMark.WRITTEN);
    durable = database.bitmap(ChunkMark.DURABLE);
    unwanted = database.bitmap(ChunkMark.UNWANTED);
    adder = new ContentAdder(this, database, local);
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
  void begin() throws IOException {
    destination.makeDirectory(destination.root());
    partials.create();
    database.putMeta(BOOT, Boot.id());
    database.putMeta(BEGUN, "yes");
    letIn();
  }

  private void letIn() {
    agreed.countDown();
    scheduleSave();
  }

  private void resume() throws IOException {
    partials.create();
    boolean restarted = !database.meta(BOOT).equals(Optional.of(Boot.id()));
    if (restarted) {
      var lost = written.copy();
      lost.andNot(durable.copy());
      lost.stream().forEach(written::remove);
      forgetWhatPowerTook();
      database.putMeta(BOOT, Boot.id());
    }
    long due = 0;
    for (long first = 0; first < database.totals().entries(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        due += resume(stored);
      }
    }
    adder.resume();
    log.debug("resuming with {} chunks written, {} files due", written.size(), due);
    letIn();
  }

  private int resume(StoredEntry stored) throws IOException {
    EntryState state = EntryState.of(stored.state());
    if (state == EntryState.FINISHED) {
      finishedFiles.increment();
    }
    if (!state.isDue() || !(stored.entry() instanceof Entry.File)) {
      return 0;
    }
    switch (stored.content()) {
      case LISTED, GONE -> {}
      case BEGUN, COMPLETE -> {
        boolean last = stored.content() == StoredEntry.Content.COMPLETE;
        long empty = 0;
        int chunks = 0;
        for (PlacedChunk chunk : content(stored.number())) {
          chunks++;
          empty += written.contains(chunk.ordinal()) ? 0 : 1;
        }
        if (chunks != 1 || !last || empty == 0) {
          inProgress.extend(stored.number(), empty, last);
          finishIfWhole(stored.number());
        }
      }
    }
    return 1;
  }

  /** What a file consists of, as far as is known; pages are read as they are needed. */
  Iterable<PlacedChunk> content(long entry) {
    return () -> new ContentIterator(database, entry);
  }

  /**
   * Files that were not forced are hashed again. Those that are not what they should be are due.
   */
  private void forgetWhatPowerTook() throws IOException {
    for (long first = 0; first < database.totals().entries(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        if (EntryState.of(stored.state()) == EntryState.FINISHED
            && stored.entry() instanceof Entry.File file
            && file.size() < PartialFiles.FORCED_BYTES
            && !isWhole(stored)) {
          Files.deleteIfExists(pathOf(stored));
          database.setState(EntryState.WANTED.number(), stored.number());
          for (PlacedChunk chunk : content(stored.number())) {
            written.remove(chunk.ordinal());
          }
        }
      }
    }
  }

  private boolean isWhole(StoredEntry stored) throws IOException {
    List<Chunk> expected = new ArrayList<>();
    content(stored.number()).forEach(placed -> expected.add(placed.chunk()));
    Path path = pathOf(stored);
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && Verification.consistsOf(path, expected);
  }

  /**
   * All content is here: makes what has none, directories and links, and clears up.
   *
   * @throws IOException if some of it cannot be made
   */
  public void finish() throws IOException {
    save(true);
    for (long first = 0; first < database.totals().entries(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        if (!EntryState.of(stored.state()).isDue()) {
          continue;
        }
        Path path = pathOf(stored);
        switch (stored.entry()) {
          case Entry.Directory _ -> destination.makeDirectory(path);
          case Entry.Link link -> destination.makeLink(path, link.target().toString());
          case Entry.File _ -> {}
        }
      }
    }
    partials.delete();
  }

  @Override
  public void close() {
    closed = true;
    agreed.countDown();
    saving.lock();
    try {
      nextSave.cancel();
      save(true);
      partials.close();
    } catch (IOException e) {
      log.warn("what was received last is not saved, and will be received again", e);
    } finally {
      saving.unlock();
    }
  }

  /** How many files have their name. */
  public long finishedFiles() {
    return finishedFiles.sum();
  }

  /** How many bytes were on this disk already. */
  public long reusedBytes() {
    return reusedBytes.sum();
  }

  /** Where the first file is that was wanted, when all of it is here. */
  public Path firstFile() throws IOException {
    for (long first = 0; first < database.totals().entries(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        if (EntryState.of(stored.state()) == EntryState.FINISHED
            && stored.entry() instanceof Entry.File) {
          return pathOf(stored);
        }
      }
    }
    throw new NoSuchFileException(destination.root().toString(), null, "no file was received");
  }

  /** What is here, for others to fetch. */
  public ChunkSet chunksHere() {
    return written;
  }

  /** Where an entry is, or is to be. */
  Path pathOf(StoredEntry stored) {
    return destination.resolve(stored.local().orElse(stored.entry().path().toString()));
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
        yield adder.add(signed, content);
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
    if (closed) {
      throw new IOException("the share is closed");
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
    return written.contains(ordinal) || unwanted.contains(ordinal);
  }

  @Override
  public int[] reuse(int[] ordinals) throws IOException {
    int[] remaining = new int[ordinals.length];
    int count = 0;
    byte[] buffer = new byte[0];
    for (int i = 0; i < ordinals.length; ) {
      int run = 1;
      while (i + run < ordinals.length && ordinals[i + run] == ordinals[i] + run) {
        run++;
      }
      for (Chunk chunk : database.chunks(ordinals[i], run)) {
        int ordinal = ordinals[i++];
        if (buffer.length < chunk.length()) {
          buffer = new byte[chunk.length()];
        }
        if (local.read(chunk, buffer)) {
          write(ordinal, buffer, 0, chunk.length());
          reusedBytes.add(chunk.length());
        } else {
          remaining[count++] = ordinal;
        }
      }
    }
    return Arrays.copyOf(remaining, count);
  }

  @Override
  public void write(long ordinal, byte[] array, int offset, int length) throws IOException {
    places.readLock().lock();
    try {
      if (written.contains(ordinal) || !writing.add(ordinal)) {
        return;
      }
      try {
        for (Spot spot : windows.of(ordinal)) {
          if (EntryState.of(spot.file().state()).isDue()) {
            fill(spot, array, offset, length);
          }
        }
        written.add(ordinal);
      } finally {
        writing.remove(ordinal);
      }
    } finally {
      places.readLock().unlock();
    }
  }

  private void fill(Spot spot, byte[] array, int offset, int length) throws IOException {
    StoredEntry stored = spot.file();
    if (inProgress.contains(stored.number())) {
      partials.write(stored.number(), sizeOf(stored), spot.offset(), array, offset, length);
      inProgress.fill(stored.number());
      finishIfWhole(stored.number());
    } else {
      named(stored, partials.writeWhole(stored.number(), goalOf(stored), array, offset, length));
    }
  }

  // --- For the adder, which holds places for writing

  ReentrantReadWriteLock.WriteLock addingPlaces() {
    return places.writeLock();
  }

  FilesInProgress inProgress() {
    return inProgress;
  }

  PartialFiles partials() {
    return partials;
  }

  ChunkBitmap written() {
    return written;
  }

  ChunkBitmap unwanted() {
    return unwanted;
  }

  void forgetPlaces() {
    windows.clear();
  }

  /** A file that was here already, under the name that the share has for it. */
  void kept(StoredEntry stored) throws IOException {
    if (stored.local().isPresent()) {
      database.setLocal(List.of(new ShareDatabase.Local(stored.number(), Optional.empty(), 0)));
    }
    database.setState(EntryState.FINISHED.number(), stored.number());
    inProgress.forget(stored.number());
    finishedFiles.increment();
    reusedBytes.add(sizeOf(stored));
  }

  /** Gives a file its name if all of it is there. */
  void finishIfWhole(long entry) throws IOException {
    if (inProgress.takeIfWhole(entry)) {
      StoredEntry stored = database.entry(entry);
      named(stored, partials.finish(entry, goalOf(stored)));
    }
  }

  private void named(StoredEntry stored, Path name) throws IOException {
    if (!name.equals(pathOf(stored))) {
      String other = destination.root().relativize(name).toString();
      database.setLocal(List.of(new ShareDatabase.Local(stored.number(), Optional.of(other), 0)));
      windows.clear();
    }
    named.add(stored.number());
    finishedFiles.increment();
  }

  private FileGoal goalOf(StoredEntry stored) {
    if (stored.entry() instanceof Entry.File file) {
      return new FileGoal(
          destination.root().relativize(pathOf(stored)),
          file.size(),
          file.modifiedNanos(),
          file.executable(),
          EntryState.of(stored.state()) == EntryState.REPLACING);
    }
    throw new IllegalArgumentException("entry " + stored.number() + " is no file");
  }

  private static long sizeOf(StoredEntry stored) {
    return stored.entry() instanceof Entry.File file ? file.size() : 0;
  }

  // --- Reading what is here

  /**
   * Reads a chunk from wherever it has been written.
   *
   * @throws ChunkUnavailableException if it is not here, or not any more
   */
  public void read(long ordinal, byte[] into, int offset, int length) throws IOException {
    if (written.contains(ordinal)) {
      for (Spot spot : windows.of(ordinal)) {
        if (read(spot, into, offset, length)) {
          return;
        }
      }
    }
    throw new ChunkUnavailableException(
        ChunkUnavailableException.Reason.NOT_HERE, "chunk " + ordinal + " is not here");
  }

  /** Reads a chunk that has been written, or is elsewhere on this disk; and makes sure of it. */
  boolean readAnywhere(long ordinal, Chunk chunk, byte[] into) throws IOException {
    try {
      read(ordinal, into, 0, chunk.length());
      return Verification.matches(Verification.sha256(), chunk, into);
    } catch (ChunkUnavailableException e) {
      return local.read(chunk, into);
    }
  }

  private boolean read(Spot spot, byte[] into, int offset, int length) {
    try {
      StoredEntry stored = spot.file();
      if (inProgress.contains(stored.number())) {
        partials.read(stored.number(), sizeOf(stored), spot.offset(), into, offset, length);
        return true;
      }
      return Verification.readFrom(pathOf(stored), spot.offset(), into, offset, length);
    } catch (IOException e) {
      log.debug("chunk of entry {} cannot be read: {}", spot.file().number(), e.toString());
      return false;
    }
  }

  // --- Saving

  private void scheduleSave() {
    saving.lock();
    try {
      if (!closed) {
        nextSave = time.after(SAVE_INTERVAL, this::saveInTurn);
      }
    } finally {
      saving.unlock();
    }
  }

  private void saveInTurn() {
    saving.lock();
    try {
      if (closed) {
        return;
      }
      saves++;
      save(saves % FORCE_EVERY == 0);
    } catch (IOException e) {
      log.warn("what was received last cannot be saved", e);
    } finally {
      saving.unlock();
    }
    scheduleSave();
  }

  /**
   * States first: a file that has its name is due no more, also if its chunks are said to be
   * missing.
   */
  private void save(boolean force) throws IOException {
    saving.lock();
    places.readLock().lock(); // not amid a segment
    try {
      var before = written.copy();
      long[] states = takeNamed();
      if (states.length > 0) {
        database.setState(EntryState.FINISHED.number(), states);
      }
      if (force) {
        partials.force();
        durable.addAll(before);
        database.save(durable);
      }
      database.save(written);
      database.save(unwanted);
    } finally {
      places.readLock().unlock();
      saving.unlock();
    }
  }

  private long[] takeNamed() {
    List<Long> taken = new ArrayList<>();
    for (Long entry = named.poll(); entry != null; entry = named.poll()) {
      taken.add(entry);
    }
    return taken.stream().mapToLong(Long::longValue).toArray();
  }
}
