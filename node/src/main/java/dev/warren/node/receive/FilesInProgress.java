package dev.warren.node.receive;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many places are still empty in each file that has begun and consists of several chunks. A
 * file of one chunk is not here: it is whole as soon as that comes, and a share may have millions.
 * Safe for many threads.
 */
final class FilesInProgress {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Progress> files = new HashMap<>(); // guarded by lock

  private static final class Progress {
    private long empty;
    private boolean known;
  }

  /** One more part of a file is known: so many empty places, and whether these are the last. */
  void extend(long entry, long emptyPlaces, boolean last) {
    lock.lock();
    try {
      Progress progress = files.computeIfAbsent(entry, _ -> new Progress());
      progress.empty += emptyPlaces;
      progress.known |= last;
    } finally {
      lock.unlock();
    }
  }

  boolean contains(long entry) {
    lock.lock();
    try {
      return files.containsKey(entry);
    } finally {
      lock.unlock();
    }
  }

  /** A file will not come. */
  void forget(long entry) {
    lock.lock();
    try {
      files.remove(entry);
    } finally {
      lock.unlock();
    }
  }

  /** A place has been filled. */
  void fill(long entry) {
    lock.lock();
    try {
      files.get(entry).empty--;
    } finally {
      lock.unlock();
    }
  }

  /** Whether all of a file is there; true once, and then it is forgotten. */
  boolean takeIfWhole(long entry) {
    lock.lock();
    try {
      Progress progress = files.get(entry);
      boolean whole = progress != null && progress.known && progress.empty == 0;
      if (whole) {
        files.remove(entry);
      }
      return whole;
    } finally {
      lock.unlock();
    }
  }
}
