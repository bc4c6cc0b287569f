package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.content.Chunk;
import java.util.List;
import java.util.Optional;

/**
 * Chunks of one file, which follow those of its earlier parts.
 *
 * @param entry the number of the file in the listing
 * @param end set in the last part
 */
public record FilePart(long entry, List<Piece> pieces, Optional<End> end) {
  /** Copies the list. */
  public FilePart {
    pieces = List.copyOf(pieces);
  }

  /** A chunk at its place in a file. */
  public sealed interface Piece {}

  /** A chunk that the share has not had before; it gets the next ordinal. */
  public record Fresh(Chunk chunk) implements Piece {}

  /** A chunk that the share has had before. */
  public record Known(long ordinal) implements Piece {}

  /** How a file ended. */
  public sealed interface End {}

  /** All of it has been read, and this is what was found. */
  public record Complete(long size, long modifiedNanos) implements End {}

  /** It was not there any more, or could not be read: what was said of it before is void. */
  public record Gone() implements End {}
}
