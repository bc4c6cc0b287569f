package dev.warren.node.receive;

import dev.warren.node.store.FileSum;
import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Adds what a segment says of content to a {@link ReceivedShare}: which chunks belong where, and
 * which of those places are filled already, since an existing file is the same or the chunk came
 * before. All of it happens while nobody writes, so that no chunk slips into its place unseen.
 *
 * <p>Files have their turn one after the other, so there is one at a time of which more is to come.
 *
 * <p>A file that exists is compared while its successor is described. As long as the two agree,
 * nothing is copied: a file that has not changed costs nothing. When they begin to differ, its
 * chunks are fetched like others, of which those that are in the old file come from there.
 *
 * <p>Chunks that turn out to be lost are forgotten before the segment is in the database, and what
 * is new counts from when it is there.
 */
final class ContentAdder {
  /** The entry of which more is to come and that was the same so far; for another process. */
  private static final String KEPT = "kept";

  private static final int ENTRIES_AT_A_TIME = 256;

  private final ShareDatabase database;
  private final Destination destination;
  private final LocalContent local;
  private final Saver saver;
  private final FileFiller filler;
  private final LongAdder keptBytes = new LongAdder();
  private final LongAdder goneFiles = new LongAdder();
  private final LongAdder goneBytes = new LongAdder();
  private String kept;
  private byte[] buffer = new byte[0];

  /** The file whose turn it is. */
  private @Nullable Turn turn;

  /** Those whose turn it is, and whose comes next. */
  private List<StoredEntry> nextEntries = List.of();

  /** The known chunk that was asked for last: mostly the one of zeros. */
  private long lastKnown = -1;

  private Chunk lastKnownChunk = Chunk.ZEROS;

  ContentAdder(
      ShareDatabase database,
      Destination destination,
      LocalContent local,
      Saver saver,
      FileFiller filler)
      throws IOException {
    this.database = database;
    this.destination = destination;
    this.local = local;
    this.saver = saver;
    this.filler = filler;
    kept = database.meta(KEPT).orElse("");
  }

  /** A file while parts of it come. */
  private static final class Turn {
    private final StoredEntry stored;
    private final boolean wanted;

    /** What is there, as long as it is the same. */
    private Optional<ExistingFile> existing = Optional.empty();

    private long position;
    private boolean begun;

    private Turn(StoredEntry stored) {
      this.stored = stored;
      wanted = EntryState.of(stored.state()).isDue();
    }
  }

  /** A chunk in a part, and where it belongs in the file. */
  private record Placed(long ordinal, Chunk chunk, long offset, boolean fresh) {}

  /** What a segment adds to a file that is in progress. */
  private record Added(long entry, List<Placed> places, boolean last, boolean single) {}

  /** What a segment comes to. */
  private static final class Outcome {
    private final List<Chunk> fresh = new ArrayList<>();
    private final Set<Long> unwanted = new HashSet<>();

    /** Chunks that are new, and in files that are kept. */
    private final Set<Long> here = new HashSet<>();

    /** Chunks that were here, and are not any more. */
    private final Set<Long> lost = new HashSet<>();

    private final Set<Long> neededAgain = new HashSet<>();
    private final List<StoredEntry> kept = new ArrayList<>();
    private final List<StoredEntry> gone = new ArrayList<>();
    private final List<Added> added = new ArrayList<>();
    private String keptSoFar = "";
  }

  /** Yields the chunks that were done, and are to be fetched after all. */
  int[] add(SignedSegment signed, Segment.Content content) throws IOException {
    Outcome outcome = new Outcome();
    for (FilePart part : content.parts()) {
      take(part, outcome);
    }
    for (long ordinal : outcome.lost) {
      forget(ordinal, outcome);
    }
    outcome.here.removeAll(outcome.lost);
    database.add(signed, content);
    filler.windows().clear();
    settle(outcome);
    return outcome.neededAgain.stream().mapToInt(Long::intValue).toArray();
  }

  /** The entry that an earlier process had begun to keep: nothing of it is in a partial file. */
  Optional<Long> keptSoFar() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(kept));
  }

  /** What was the same in files that were there. */
  long keptBytes() {
    return keptBytes.sum();
  }

  /** Files that turned out to be gone, and how long they were said to be. */
  FileSum gone() {
    return new FileSum(goneFiles.sum(), goneBytes.sum());
  }

  // --- Before the segment is in the database

  private void take(FilePart part, Outcome outcome) throws IOException {
    Turn current = turnOf(part.entry());
    List<Placed> placed = place(current, part, outcome);
    if (current.wanted) {
      takeWanted(current, part, placed, outcome);
    } else {
      placed.stream().filter(Placed::fresh).forEach(p -> outcome.unwanted.add(p.ordinal));
    }
    current.begun = true;
    turn = part.end().isPresent() ? null : current;
  }

  private Turn turnOf(long entry) throws IOException {
    Turn current = turn;
    if (current != null && current.stored.number() == entry) {
      return current;
    }
    current = new Turn(entry(entry));
    if (current.stored.content() == StoredEntry.Content.BEGUN) {
      current.begun = true;
      for (PlacedChunk chunk : ContentIterator.of(database, entry)) {
        current.position = chunk.offset() + chunk.chunk().length();
      }
    } else if (current.wanted) {
      current.existing = existing(current.stored);
    }
    return current;
  }

  /** Files have their turn in the order of the listing. What is changed of one is, in its turn. */
  private StoredEntry entry(long number) throws IOException {
    long index = nextEntries.isEmpty() ? -1 : number - nextEntries.getFirst().number();
    if (index < 0 || index >= nextEntries.size()) {
      nextEntries = database.entries(number, ENTRIES_AT_A_TIME);
      index = 0;
    }
    return nextEntries.get((int) index);
  }

  private Optional<ExistingFile> existing(StoredEntry stored) throws IOException {
    Path original = destination.resolve(stored.entry().path().toString());
    Optional<BasicFileAttributes> there = Destination.look(original);
    if (there.isEmpty() || !there.get().isRegularFile()) {
      return Optional.empty();
    }
    return local.look(original, _ -> {}).map(file -> new ExistingFile(original, file));
  }

  private List<Placed> place(Turn current, FilePart part, Outcome outcome) throws IOException {
    long known = database.totals().chunks();
    List<Placed> placed = new ArrayList<>(part.pieces().size());
    for (FilePart.Piece piece : part.pieces()) {
      Placed next =
          switch (piece) {
            case FilePart.Fresh(Chunk chunk) -> {
              outcome.fresh.add(chunk);
              long ordinal = known + outcome.fresh.size() - 1;
              yield new Placed(ordinal, chunk, current.position, true);
            }
            case FilePart.Known(long ordinal) -> {
              Chunk chunk =
                  ordinal < known
                      ? known(ordinal)
                      : outcome.fresh.get(Math.toIntExact(ordinal - known));
              yield new Placed(ordinal, chunk, current.position, false);
            }
          };
      placed.add(next);
      current.position += next.chunk.length();
    }
    return placed;
  }

  private Chunk known(long ordinal) throws IOException {
    if (ordinal != lastKnown) {
      lastKnownChunk = database.chunks(ordinal, 1).getFirst();
      lastKnown = ordinal;
    }
    return lastKnownChunk;
  }

  private void takeWanted(Turn current, FilePart part, List<Placed> placed, Outcome outcome)
      throws IOException {
    long entry = current.stored.number();
    if (part.end().filter(FilePart.Gone.class::isInstance).isPresent()) {
      outcome.gone.add(current.stored);
      return;
    }
    boolean last = part.end().isPresent();
    if (current.existing.isPresent()) {
      if (isSame(current.existing.get(), placed, last)) {
        keep(current, placed, last, outcome);
        return;
      }
      current.existing = Optional.empty();
      forgetKept(entry, outcome);
    }
    for (Placed place : placed) {
      if (!place.fresh) {
        fillFromBefore(current.stored, place, outcome);
      }
    }
    boolean single = !current.begun && last && placed.size() == 1;
    outcome.added.add(new Added(entry, placed, last, single));
  }

  /**
   * What was the same so far is to come into the partial file: of earlier segments, and of this.
   */
  private void forgetKept(long entry, Outcome outcome) throws IOException {
    for (PlacedChunk before : ContentIterator.of(database, entry)) {
      forget(before.ordinal(), outcome);
    }
    for (Added before : outcome.added) {
      if (before.entry == entry) {
        for (Placed place : before.places) {
          if (!outcome.here.remove(place.ordinal)) {
            forget(place.ordinal, outcome);
          }
        }
      }
    }
    outcome.keptSoFar = "";
  }

  private boolean isSame(ExistingFile existing, List<Placed> placed, boolean last) {
    for (Placed chunk : placed) {
      // One that is still to come would be written into a partial file that there is not.
      boolean pending = !last && !chunk.fresh && !saver.written().contains(chunk.ordinal);
      if (pending || !existing.matches(chunk.chunk)) {
        return false;
      }
    }
    return !last || existing.isAllMatched();
  }

  private void keep(Turn current, List<Placed> placed, boolean last, Outcome outcome) {
    placed.stream().filter(Placed::fresh).forEach(p -> outcome.here.add(p.ordinal));
    if (last) {
      outcome.kept.add(current.stored);
      keptBytes.add(current.position);
      placed.forEach(place -> filler.filledBytes().add(place.chunk.length()));
    } else {
      outcome.added.add(new Added(current.stored.number(), placed, false, false));
      outcome.keptSoFar = Long.toString(current.stored.number());
    }
  }

  /** Fills a place whose chunk came before, if it can be read. */
  private void fillFromBefore(StoredEntry stored, Placed place, Outcome outcome)
      throws IOException {
    outcome.unwanted.remove(place.ordinal);
    if (saver.unwanted().contains(place.ordinal)) {
      outcome.neededAgain.add(place.ordinal);
    }
    boolean isHere =
        saver.written().contains(place.ordinal) || outcome.here.contains(place.ordinal);
    if (!isHere || outcome.lost.contains(place.ordinal)) {
      return;
    }
    int length = place.chunk.length();
    if (buffer.length < length) {
      buffer = new byte[Chunk.MAX_BYTES];
    }
    boolean read =
        place.chunk.equals(Chunk.ZEROS) || filler.read(place.ordinal, buffer, 0) == length;
    if (read || local.find(List.of(place.chunk)).read(place.chunk, buffer)) {
      filler.fillAhead(stored, place.offset, buffer, length);
    } else {
      outcome.lost.add(place.ordinal);
    }
  }

  private void forget(long ordinal, Outcome outcome) throws IOException {
    filler.forget(ordinal);
    outcome.neededAgain.add(ordinal);
  }

  // --- When it is there

  private void settle(Outcome outcome) throws IOException {
    if (!outcome.keptSoFar.equals(kept)) {
      database.putMeta(KEPT, outcome.keptSoFar);
      kept = outcome.keptSoFar;
    }
    outcome.here.forEach(saver.written()::add);
    outcome.neededAgain.forEach(saver.unwanted()::remove);
    outcome.unwanted.forEach(saver.unwanted()::add);
    filler.kept(outcome.kept);
    for (StoredEntry stored : outcome.gone) {
      database.setState(EntryState.GONE.number(), stored.number());
      filler.gone(stored.number());
      goneFiles.increment();
      goneBytes.add(FileFiller.sizeOf(stored));
    }
    for (Added added : outcome.added) {
      int empty = 0;
      for (Placed place : added.places) {
        if (saver.written().contains(place.ordinal)) {
          filler.filledBytes().add(place.chunk.length());
        } else {
          empty++;
        }
      }
      if (!added.single || empty == 0) {
        filler.inProgress().extend(added.entry, empty, added.last);
        filler.finishIfWhole(added.entry);
      }
    }
  }
}
