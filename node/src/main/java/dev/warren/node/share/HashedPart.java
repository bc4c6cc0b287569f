package dev.warren.node.share;

import dev.warren.node.store.FileStamp;
import dev.warren.protocols.transfer.content.Chunk;
import java.util.List;
import java.util.Optional;

/**
 * Some chunks of a file, which follow those of its earlier parts.
 *
 * @param end set in the last part
 */
record HashedPart(List<Chunk> chunks, Optional<End> end) {

  /** How reading a file ended. */
  sealed interface End {}

  /** All of it was read, and it had this stamp before and after. */
  record Whole(FileStamp stamp) implements End {}

  /** It could not be read; the sentence says why. What came before is void. */
  record Lost(String sentence) implements End {}

  static HashedPart whole(List<Chunk> chunks, FileStamp stamp) {
    return new HashedPart(chunks, Optional.of(new Whole(stamp)));
  }

  static HashedPart lost(String sentence) {
    return new HashedPart(List.of(), Optional.of(new Lost(sentence)));
  }
}
