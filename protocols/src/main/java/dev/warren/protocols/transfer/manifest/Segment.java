package dev.warren.protocols.transfer.manifest;

import java.util.List;

/** What one segment of a manifest says. */
public sealed interface Segment {

  /** Part of the list of entries. */
  record Listing(List<Entry> entries, boolean last) implements Segment {
    /** Copies the list. */
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /** What files consist of; comes after the whole listing. */
  record Content(List<FilePart> parts, boolean last) implements Segment {
    /** Copies the list. */
    public Content {
      parts = List.copyOf(parts);
    }
  }
}
