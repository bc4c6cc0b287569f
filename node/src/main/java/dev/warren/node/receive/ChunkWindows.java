package dev.warren.node.receive;

import dev.warren.node.store.Place;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Chunks and where they belong, read from the database for many neighbours at once: they are needed
 * mostly in the order of their ordinals. Safe for many threads.
 */
final class ChunkWindows {
  private static final int WINDOW = 256;
  private static final int MAX_WINDOWS = 16;

  /**
   * Places that are kept of a window, and read at a time: one chunk may have them by the million.
   */
  private static final int MAX_SPOTS = 4096;

  private final ShareDatabase database;
  private final ReentrantLock lock = new ReentrantLock();

  /** By the first ordinal; guarded by the lock. */
  private final Map<Long, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Window> eldest) {
          return size() > MAX_WINDOWS;
        }
      };

  ChunkWindows(ShareDatabase database) {
    this.database = database;
  }

  /** A place for a chunk in a file. */
  record Spot(StoredEntry file, long offset) {}

  /** Something to do with each place of a chunk. */
  @FunctionalInterface
  interface Action {
    void at(Spot spot) throws IOException;
  }

  /**
   * @param spots empty if there are too many to be kept
   */
  private record Window(List<Chunk> chunks, Optional<Map<Long, List<Spot>>> spots) {}

  /** A chunk, if a segment has named it. */
  Optional<Chunk> chunk(long ordinal) throws IOException {
    List<Chunk> chunks = window(ordinal).chunks;
    int index = (int) (ordinal % WINDOW);
    return index < chunks.size() ? Optional.of(chunks.get(index)) : Optional.empty();
  }

  /** Goes through the places where a chunk belongs. */
  void forEach(long ordinal, Action action) throws IOException {
    Optional<Map<Long, List<Spot>>> kept = window(ordinal).spots;
    if (kept.isPresent()) {
      for (Spot spot : kept.get().getOrDefault(ordinal, List.of())) {
        action.at(spot);
      }
      return;
    }
    Place last = Place.before(ordinal);
    List<Place> page;
    do {
      page = database.places(last, ordinal + 1, MAX_SPOTS);
      Map<Long, StoredEntry> files = new HashMap<>();
      for (Place place : page) {
        action.at(new Spot(file(files, place.entry()), place.offset()));
        last = place;
      }
    } while (page.size() == MAX_SPOTS);
  }

  /** What was read may be out of date. */
  void clear() {
    lock.lock();
    try {
      windows.clear();
    } finally {
      lock.unlock();
    }
  }

  private Window window(long ordinal) throws IOException {
    long first = ordinal - ordinal % WINDOW;
    lock.lock();
    try {
      Window window = windows.get(first);
      if (window == null) {
        window = new Window(database.chunks(first, WINDOW), spots(first));
        windows.put(first, window);
      }
      return window;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Map<Long, List<Spot>>> spots(long first) throws IOException {
    List<Place> places = database.places(Place.before(first), first + WINDOW, MAX_SPOTS);
    if (places.size() == MAX_SPOTS) {
      return Optional.empty();
    }
    Map<Long, List<Spot>> spots = new HashMap<>();
    Map<Long, StoredEntry> files = new HashMap<>();
    for (Place place : places) {
      spots
          .computeIfAbsent(place.ordinal(), _ -> new ArrayList<>(1))
          .add(new Spot(file(files, place.entry()), place.offset()));
    }
    return Optional.of(spots);
  }

  /** Files come in a row as chunks do: what follows one is read with it. */
  private StoredEntry file(Map<Long, StoredEntry> files, long number) throws IOException {
    StoredEntry file = files.get(number);
    if (file == null) {
      for (StoredEntry neighbour : database.entries(number, WINDOW)) {
        files.putIfAbsent(neighbour.number(), neighbour);
      }
      file = files.get(number);
    }
    return file;
  }
}
