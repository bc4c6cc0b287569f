package dev.warren.node.receive;

import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoreException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Goes through the chunks of a file, page by page. */
final class ContentIterator implements Iterator<PlacedChunk> {
  private static final int PAGE = 1024;

  private final ShareDatabase database;
  private final long entry;
  private List<PlacedChunk> page = List.of();
  private int next;
  private long offset;
  private boolean last;

  ContentIterator(ShareDatabase database, long entry) {
    this.database = database;
    this.entry = entry;
  }

  /** What a file consists of, as far as is known; pages are read as they are needed. */
  static Iterable<PlacedChunk> of(ShareDatabase database, long entry) {
    return () -> new ContentIterator(database, entry);
  }

  @Override
  public boolean hasNext() {
    if (next == page.size() && !last) {
      try {
        page = database.content(entry, offset, PAGE);
      } catch (StoreException e) {
        throw new UncheckedIOException(e);
      }
      next = 0;
      last = page.size() < PAGE;
    }
    return next < page.size();
  }

  @Override
  public PlacedChunk next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    PlacedChunk chunk = page.get(next++);
    offset = chunk.offset() + chunk.chunk().length();
    return chunk;
  }
}
