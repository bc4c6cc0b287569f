package dev.warren.node.share;

import java.io.IOException;

/** Listing or hashing was ended before it was done; a later process goes on with it. */
final class IndexingStoppedException extends IOException {
  private static final long serialVersionUID = 1L;

  IndexingStoppedException() {
    super("the share was closed before all of it was hashed");
  }
}
