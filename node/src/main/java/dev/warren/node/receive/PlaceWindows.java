package dev.warren.node.receive;

import dev.warren.node.store.Place;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where chunks belong, read from the database for many neighbours at once: chunks come mostly in
 * the order of their ordinals. Safe for many threads.
 */
final class PlaceWindows {
  private static final int WINDOW = 256;
  private static final int MAX_WINDOWS = 16;

  /** Places that are read at once; a chunk may have any number of them. */
  private static final int PAGE = 4096;

  private final ShareDatabase database;
  private final ReentrantLock lock = new ReentrantLock();

  /** By the first ordinal; guarded by the lock. */
  private final Map<Long, Map<Long, List<Spot>>> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Map<Long, List<Spot>>> eldest) {
          return size() > MAX_WINDOWS;
        }
      };

  PlaceWindows(ShareDatabase database) {
    this.database = database;
  }

  /** A place for a chunk in a file. */
  record Spot(StoredEntry file, long offset) {}

  /** Where a chunk belongs. */
  List<Spot> of(long ordinal) throws IOException {
    long first = ordinal - ordinal % WINDOW;
    lock.lock();
    try {
      Map<Long, List<Spot>> window = windows.get(first);
      if (window == null) {
        window = load(first);
        windows.put(first, window);
      }
      return window.getOrDefault(ordinal, List.of());
    } finally {
      lock.unlock();
    }
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

  private Map<Long, List<Spot>> load(long first) throws IOException {
    Map<Long, List<Spot>> window = new HashMap<>();
    Map<Long, StoredEntry> files = new HashMap<>();
    Place last = Place.before(first);
    List<Place> page;
    do {
      page = database.places(last, first + WINDOW, PAGE);
      for (Place place : page) {
        StoredEntry file = file(files, place.entry());
        window
            .computeIfAbsent(place.ordinal(), _ -> new ArrayList<>(1))
            .add(new Spot(file, place.offset()));
        last = place;
      }
    } while (page.size() == PAGE);
    return window;
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
