package dev.warren.protocols.transfer.manifest;

import java.util.ArrayList;
import java.util.List;

/** The length of each chunk by its ordinal, four bytes each. */
final class ChunkLengths {
  private static final int PAGE = 1 << 12;

  private final List<int[]> pages = new ArrayList<>();
  private int count;

  int count() {
    return count;
  }

  void add(int length) {
    if (count % PAGE == 0) {
      pages.add(new int[PAGE]);
    }
    pages.getLast()[count % PAGE] = length;
    count++;
  }

  int get(long ordinal) {
    int index = Math.toIntExact(ordinal);
    return pages.get(index / PAGE)[index % PAGE];
  }
}
