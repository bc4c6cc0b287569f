package dev.warren.node.receive;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many places are still empty in each file that has begun and consists of several chunks, in
 * four bytes for an entry: a share may have millions. A file of one chunk is not here; it is whole
 * as soon as that comes. Safe for many threads.
 */
final class FilesInProgress {
  private static final int PAGE = 1 << 10;

  /** Of a file that has not begun, or is whole. */
  private static final int NONE = 0;

  /** Set when all places of a file are known. What is below it is one more than are empty. */
  private static final int KNOWN = 1 << 30;

  private static final int NO_EMPTY = 1;

  private final ReentrantLock lock = new ReentrantLock();

  /** By entry; a page that nothing has been in is empty. Guarded by the lock. */
  private int[][] pages = {};

  /** One more part of a file is known: so many empty places, and whether these are the last. */
  void extend(long entry, int emptyPlaces, boolean last) {
    lock.lock();
    try {
      int before = Math.max(get(entry), NO_EMPTY);
      set(entry, (before + emptyPlaces) | (last ? KNOWN : 0));
    } finally {
      lock.unlock();
    }
  }

  boolean contains(long entry) {
    lock.lock();
    try {
      return get(entry) != NONE;
    } finally {
      lock.unlock();
    }
  }

  /** A file will not come, or is there otherwise. */
  void forget(long entry) {
    lock.lock();
    try {
      if (get(entry) != NONE) {
        set(entry, NONE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A place has been filled. */
  void fill(long entry) {
    var _ = change(entry, -1);
  }

  /**
   * A place that was filled is empty again.
   *
   * @return whether the file is in progress; one that has not begun, or is whole, stays so
   */
  boolean empty(long entry) {
    return change(entry, 1);
  }

  private boolean change(long entry, int by) {
    lock.lock();
    try {
      int before = get(entry);
      if (before != NONE) {
        set(entry, before + by);
      }
      return before != NONE;
    } finally {
      lock.unlock();
    }
  }

  /** Whether all of a file is there; true once, and then it is forgotten. */
  boolean takeIfWhole(long entry) {
    lock.lock();
    try {
      boolean whole = get(entry) == (KNOWN | NO_EMPTY);
      if (whole) {
        set(entry, NONE);
      }
      return whole;
    } finally {
      lock.unlock();
    }
  }

  private int get(long entry) {
    int page = (int) (entry / PAGE);
    return page < pages.length && pages[page] != null ? pages[page][(int) (entry % PAGE)] : NONE;
  }

  private void set(long entry, int value) {
    int page = (int) (entry / PAGE);
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length + pages.length / 2));
    }
    if (pages[page] == null) {
      pages[page] = new int[PAGE];
    }
    pages[page][(int) (entry % PAGE)] = value;
  }
}
