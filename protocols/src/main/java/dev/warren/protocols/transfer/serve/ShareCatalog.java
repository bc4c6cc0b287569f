package dev.warren.protocols.transfer.serve;

import dev.warren.sharecodes.ShareId;
import java.util.Optional;

/** The shares that are served. Safe for many threads. */
@FunctionalInterface
public interface ShareCatalog {
  /** The share of this name; the same object for as long as it is served. */
  Optional<ServedShare> find(ShareId id);
}
