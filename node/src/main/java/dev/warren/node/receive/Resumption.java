package dev.warren.node.receive;

import dev.warren.node.store.FileStamp;
import dev.warren.node.store.FileSum;
import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes up what an earlier process has left of a share. What it had saved is believed, and nothing
 * is read again but what somebody may have changed: a partial file that was written to when the
 * process was gone, and after a loss of power small files that were not forced to the disk.
 */
final class Resumption {
  private static final int PAGE = 1024;

  /** A file that is larger may have several chunks, and so be in progress. */
  private static final long ONE_CHUNK_BYTES = Manifest.MIN_INNER_CHUNK_BYTES;

  /** How long after its last save a process may have been alive and writing. */
  private static final long UNSAVED_NANOS = Duration.ofSeconds(2).toNanos();

  private final ShareDatabase database;
  private final Destination destination;
  private final PartialFiles partials;
  private final LocalContent local;
  private final FileFiller filler;
  private final Saver saver;
  private final long trustedUntilNanos;

  Resumption(
      ShareDatabase database,
      Destination destination,
      PartialFiles partials,
      LocalContent local,
      FileFiller filler,
      Saver saver)
      throws IOException {
    this.database = database;
    this.destination = destination;
    this.partials = partials;
    this.local = local;
    this.filler = filler;
    this.saver = saver;
    long lastWritten = saver.lastWrittenNanos();
    trustedUntilNanos = lastWritten == Long.MIN_VALUE ? lastWritten : lastWritten + UNSAVED_NANOS;
  }

  /** Something to do with a file. */
  private interface Action {
    void with(StoredEntry stored) throws IOException;
  }

  /**
   * Takes it up.
   *
   * @param restarted whether the machine has been restarted since
   */
  void run(boolean restarted) throws IOException {
    partials.create();
    if (restarted) {
      saver.forgetWhatWasNotForced();
      forEach(EntryState.FINISHED, 0, this::lookAgain);
    }
    for (EntryState due : List.of(EntryState.WANTED, EntryState.REPLACING)) {
      forEach(due, ONE_CHUNK_BYTES + 1, this::takeUp);
    }
    for (EntryState due : List.of(EntryState.WANTED, EntryState.REPLACING)) {
      forEach(due, ONE_CHUNK_BYTES + 1, this::count);
    }
    FileSum finished = database.files(EntryState.FINISHED.number());
    filler.finishedFiles().add(finished.files());
    filler.filledBytes().add(finished.bytes());
  }

  /** Files of this state that have at least so many bytes and of whose content is known. */
  private void forEach(EntryState state, long fromBytes, Action action) throws IOException {
    List<StoredEntry> page;
    long first = 0;
    do {
      page = database.begun(state.number(), fromBytes, first, PAGE);
      for (StoredEntry stored : page) {
        action.with(stored);
        first = stored.number() + 1;
      }
    } while (page.size() == PAGE);
  }

  private void takeUp(StoredEntry stored) throws IOException {
    Optional<Long> lastWritten = partials.takeUp(stored.number());
    if (lastWritten.isPresent() ? lastWritten.get() <= trustedUntilNanos : isNamed(stored)) {
      return;
    }
    byte[] buffer = new byte[Chunk.MAX_BYTES];
    for (PlacedChunk placed : ContentIterator.of(database, stored.number())) {
      boolean there =
          lastWritten.isPresent()
              && partials.read(stored.number(), placed.offset(), buffer, 0, placed.chunk().length())
              && Verification.matches(placed.chunk(), buffer, 0);
      if (!there) {
        saver.written().remove(placed.ordinal());
      }
    }
  }

  /**
   * Whether a file got its name just before the process died, so that this was not noted. What of
   * it was not noted either comes from there.
   */
  private boolean isNamed(StoredEntry stored) throws IOException {
    Path path = destination.pathOf(stored);
    if (stored.content() != StoredEntry.Content.COMPLETE
        || !hasTimeOf(stored, Destination.look(path))
        || !isWhole(stored, path)) {
      return false;
    }
    database.setState(EntryState.FINISHED.number(), stored.number());
    local.learn(
        path,
        FileStamp.of(path, LinkOption.NOFOLLOW_LINKS),
        PlacedChunk.chunks(new ContentIterator(database, stored.number())));
    local.flush();
    return true;
  }

  /** Nobody but us gives a file the time that it has at the sharer's. */
  private static boolean hasTimeOf(StoredEntry stored, Optional<BasicFileAttributes> there) {
    return there.isPresent()
        && there.get().isRegularFile()
        && stored.entry() instanceof Entry.File file
        && there.get().lastModifiedTime().to(TimeUnit.NANOSECONDS) == file.modifiedNanos();
  }

  /** Once it is known of all chunks whether they are here. */
  private void count(StoredEntry stored) throws IOException {
    boolean known = stored.content() == StoredEntry.Content.COMPLETE;
    int empty = 0;
    int chunks = 0;
    for (PlacedChunk placed : ContentIterator.of(database, stored.number())) {
      chunks++;
      if (saver.written().contains(placed.ordinal())) {
        filler.filledBytes().add(placed.chunk().length());
      } else {
        empty++;
      }
    }
    if (chunks != 1 || !known || empty == 0) {
      filler.inProgress().extend(stored.number(), empty, known);
      filler.finishIfWhole(stored.number());
    }
  }

  /**
   * A file that had its name before the machine lost its power. That of one that was forced may be
   * lost; of one that was not, anything. What the user has changed since has another time, and
   * stays: the file will come under another name.
   */
  private void lookAgain(StoredEntry stored) throws IOException {
    if (!(stored.entry() instanceof Entry.File file)) {
      return;
    }
    Path path = destination.pathOf(stored);
    Optional<BasicFileAttributes> there = Destination.look(path);
    boolean forced = file.size() >= PartialFiles.FORCED_BYTES;
    if (there.isPresent()
        && there.get().isRegularFile()
        && there.get().size() == file.size()
        && (forced || isWhole(stored, path))) {
      return;
    }
    EntryState due = hasTimeOf(stored, there) ? EntryState.REPLACING : EntryState.WANTED;
    database.setState(due.number(), stored.number());
    if (partials.takeUp(stored.number()).isEmpty()) {
      for (PlacedChunk placed : ContentIterator.of(database, stored.number())) {
        saver.written().remove(placed.ordinal());
      }
    }
  }

  private boolean isWhole(StoredEntry stored, Path path) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && Verification.consistsOf(
            path, PlacedChunk.chunks(new ContentIterator(database, stored.number())));
  }
}
