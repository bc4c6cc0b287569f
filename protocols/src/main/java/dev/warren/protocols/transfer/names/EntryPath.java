package dev.warren.protocols.transfer.names;

import java.util.List;

/**
 * A relative path that may be created on every system.
 *
 * @param components its names from the top, at least one
 */
public record EntryPath(List<String> components) {
  /** Copies the list. */
  public EntryPath {
    components = List.copyOf(components);
  }

  /** The components joined by {@code /}. */
  @Override
  public String toString() {
    return String.join("/", components);
  }
}
