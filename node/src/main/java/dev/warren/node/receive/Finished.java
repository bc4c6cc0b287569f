package dev.warren.node.receive;

import dev.warren.node.store.FileSum;
import java.util.List;

/**
 * What has become of what was asked for.
 *
 * @param whole files that are here
 * @param skipped how many files and links were left out for different ones that were here
 * @param gone how many the sharer did not have any more
 * @param firstGone the first of those, {@value #MAX_NAMED} at most
 */
public record Finished(FileSum whole, long skipped, long gone, List<String> firstGone) {
  static final int MAX_NAMED = 20;

  /** Copies the list. */
  public Finished {
    firstGone = List.copyOf(firstGone);
  }
}
