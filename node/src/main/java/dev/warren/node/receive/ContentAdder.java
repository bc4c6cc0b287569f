package dev.warren.node.receive;

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
import java.util.List;
import java.util.Optional;
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
 * chunks are fetched like others, of which those that are in the old file come from there. Only
 * what segments before had taken for the same is copied at once.
 */
final class ContentAdder {
  /** Where the file is that was the same so far, and for how long; for another process. */
  private static final String KEPT = "kept";

  private final ReceivedShare share;
  private final ShareDatabase database;
  private final LocalContent local;
  private byte[] buffer = new byte[0];

  /** The file whose turn it is. */
  private @Nullable Turn turn;

  ContentAdder(ReceivedShare share, ShareDatabase database, LocalContent local) {
    this.share = share;
    this.database = database;
    this.local = local;
  }

  /** A file while parts of it come. */
  private static final class Turn {
    private final StoredEntry stored;
    private final boolean wanted;
    private Optional<ExistingFile> existing = Optional.empty();

    /** What segments before have taken to be the same as in the existing file. */
    private long keptBytes;

    private long position;
    private boolean begun;

    private Turn(StoredEntry stored) {
      this.stored = stored;
      wanted = EntryState.of(stored.state()).isDue();
    }
  }

  /** A chunk in a part, and where it belongs in the file. */
  private record Placed(long ordinal, Chunk chunk, long offset, boolean fresh) {}

  /** What happens once the segment is in the database. */
  private static final class After {
    private final List<Long> whole = new ArrayList<>();
    private final List<StoredEntry> kept = new ArrayList<>();
    private final List<Long> gone = new ArrayList<>();
    private final List<Integer> neededAgain = new ArrayList<>();
    private String keptSoFar = "";
  }

  int[] add(SignedSegment signed, Segment.Content content) throws IOException {
    share.addingPlaces().lock();
    try {
      List<Chunk> fresh = new ArrayList<>();
      After after = new After();
      for (FilePart part : content.parts()) {
        take(part, fresh, after);
      }
      database.add(signed, content);
      finish(after);
      return after.neededAgain.stream().mapToInt(Integer::intValue).toArray();
    } finally {
      share.forgetPlaces();
      share.addingPlaces().unlock();
    }
  }

  /** Copies what an earlier process had taken to be the same in a file that was not at its end. */
  void resume() throws IOException {
    Optional<String> kept = database.meta(KEPT).filter(text -> !text.isEmpty());
    if (kept.isPresent()) {
      String[] parts = kept.get().split(":", 2);
      StoredEntry stored = database.entry(Long.parseLong(parts[0]));
      copyKept(stored, originalOf(stored), Long.parseLong(parts[1]));
      database.putMeta(KEPT, "");
    }
  }

  private void take(FilePart part, List<Chunk> fresh, After after) throws IOException {
    Turn current = turnOf(part.entry());
    List<Placed> placed = place(current, part, fresh);
    if (current.wanted) {
      takeWanted(current, part, placed, after);
    } else {
      placed.stream().filter(Placed::fresh).forEach(p -> share.unwanted().add(p.ordinal));
    }
    current.begun = true;
    turn = part.end().isPresent() ? null : current;
  }

  private Turn turnOf(long entry) throws IOException {
    Turn current = turn;
    if (current != null && current.stored.number() == entry) {
      return current;
    }
    current = new Turn(database.entry(entry));
    if (current.stored.content() == StoredEntry.Content.BEGUN) {
      current.begun = true;
      for (PlacedChunk chunk : share.content(entry)) {
        current.position = chunk.offset() + chunk.chunk().length();
      }
    } else if (current.wanted) {
      current.existing = existing(current.stored);
    }
    return current;
  }

  private Optional<ExistingFile> existing(StoredEntry stored) throws IOException {
    Path original = originalOf(stored);
    Optional<BasicFileAttributes> there = Destination.look(original);
    if (there.isEmpty() || !there.get().isRegularFile()) {
      return Optional.empty();
    }
    return Optional.of(new ExistingFile(original, local.chunksOf(original, _ -> {})));
  }

  private Path originalOf(StoredEntry stored) {
    return share.destination().resolve(stored.entry().path().toString());
  }

  private List<Placed> place(Turn current, FilePart part, List<Chunk> fresh) throws IOException {
    long known = database.totals().chunks();
    List<Placed> placed = new ArrayList<>(part.pieces().size());
    for (FilePart.Piece piece : part.pieces()) {
      Placed next =
          switch (piece) {
            case FilePart.Fresh(Chunk chunk) -> {
              fresh.add(chunk);
              yield new Placed(known + fresh.size() - 1, chunk, current.position, true);
            }
            case FilePart.Known(long ordinal) -> {
              Chunk chunk =
                  ordinal < known
                      ? database.chunks(ordinal, 1).getFirst()
                      : fresh.get((int) (ordinal - known));
              yield new Placed(ordinal, chunk, current.position, false);
            }
          };
      placed.add(next);
      current.position += next.chunk.length();
    }
    return placed;
  }

  private void takeWanted(Turn current, FilePart part, List<Placed> placed, After after)
      throws IOException {
    long entry = current.stored.number();
    if (part.end().filter(FilePart.Gone.class::isInstance).isPresent()) {
      after.gone.add(entry);
      return;
    }
    boolean last = part.end().isPresent();
    if (current.existing.isPresent()) {
      if (isSame(current.existing.get(), placed, last)) {
        keep(current, placed, last, after);
        return;
      }
      copyKept(current.stored, current.existing.get().path(), current.keptBytes);
      current.existing = Optional.empty();
    }
    long empty = 0;
    for (Placed chunk : placed) {
      empty += isFilled(current.stored, chunk, after) ? 0 : 1;
    }
    boolean single = !current.begun && last && placed.size() == 1 && empty == 1;
    if (!single) {
      share.inProgress().extend(entry, empty, last);
      after.whole.add(entry);
    }
  }

  private boolean isSame(ExistingFile existing, List<Placed> placed, boolean last) {
    for (Placed chunk : placed) {
      // One that is still to come would be written into a partial file that there is not.
      boolean pending = !last && !chunk.fresh && !share.written().contains(chunk.ordinal);
      if (pending || !existing.matches(chunk.chunk)) {
        return false;
      }
    }
    return !last || existing.isAllMatched();
  }

  private void keep(Turn current, List<Placed> placed, boolean last, After after) {
    placed.stream().filter(Placed::fresh).forEach(p -> share.written().add(p.ordinal));
    current.keptBytes = current.position;
    if (last) {
      after.kept.add(current.stored);
    } else {
      share.inProgress().extend(current.stored.number(), 0, false);
      after.keptSoFar = current.stored.number() + ":" + current.keptBytes;
    }
  }

  /** Whether a place is filled, which it is if the chunk came before and can be read. */
  private boolean isFilled(StoredEntry stored, Placed place, After after) throws IOException {
    if (place.fresh) {
      return false;
    }
    if (share.unwanted().contains(place.ordinal)) {
      share.unwanted().remove(place.ordinal);
      after.neededAgain.add((int) place.ordinal);
      return false;
    }
    if (!share.written().contains(place.ordinal)) {
      return false;
    }
    byte[] bytes = bufferOf(place.chunk.length());
    if (!share.readAnywhere(place.ordinal, place.chunk, bytes)) {
      share.written().remove(place.ordinal);
      after.neededAgain.add((int) place.ordinal);
      return false;
    }
    write(stored, place.offset, bytes, place.chunk.length());
    return true;
  }

  private void copyKept(StoredEntry stored, Path from, long length) throws IOException {
    for (long offset = 0; offset < length; ) {
      int part = (int) Math.min(length - offset, Chunk.MAX_BYTES);
      byte[] bytes = bufferOf(part);
      if (!Verification.readFrom(from, offset, bytes, 0, part)) {
        throw new IOException("'%s' changed while it was compared".formatted(from));
      }
      write(stored, offset, bytes, part);
      offset += part;
    }
  }

  private void write(StoredEntry stored, long offset, byte[] bytes, int length) throws IOException {
    share.partials().write(stored.number(), offset + length, offset, bytes, 0, length);
  }

  private byte[] bufferOf(int length) {
    if (buffer.length < length) {
      buffer = new byte[length];
    }
    return buffer;
  }

  private void finish(After after) throws IOException {
    database.putMeta(KEPT, after.keptSoFar);
    for (StoredEntry stored : after.kept) {
      share.kept(stored);
    }
    for (long entry : after.gone) {
      database.setState(EntryState.SKIPPED.number(), entry);
      share.inProgress().forget(entry);
      share.partials().discard(entry);
    }
    for (long entry : after.whole) {
      share.finishIfWhole(entry);
    }
  }
}
