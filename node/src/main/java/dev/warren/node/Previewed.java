package dev.warren.node;

import dev.warren.protocols.transfer.manifest.Entry;

/** Something that a share would have, or leave out; see {@link Warren#preview}. */
public sealed interface Previewed {
  /** It would be shared. */
  record Shared(Entry entry) implements Previewed {}

  /**
   * It would not, because the user wants it so.
   *
   * @param path in the share
   * @param rule the pattern that says so, and the file that it stands in, if it stands in one
   */
  record Ignored(String path, boolean directory, String rule) implements Previewed {}

  /**
   * It cannot be shared.
   *
   * @param sentence what and why, and what can be done about it
   */
  record Refused(String sentence) implements Previewed {}
}
