package dev.warren.node;

import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoreException;
import java.util.List;
import java.util.Optional;

/**
 * What was agreed to when a transfer was begun. Entries have been marked by it, so it holds when
 * the transfer goes on.
 *
 * @param only the patterns that chose what to receive; none for all of it
 */
record Agreement(List<String> only, ConflictPolicy conflicts) {
  private static final String ONLY = "only";
  private static final String CONFLICTS = "conflicts";

  Agreement {
    only = List.copyOf(only);
  }

  /** What was kept, if anything was. */
  static Optional<Agreement> in(ShareDatabase database) throws StoreException {
    Optional<String> conflicts = database.meta(CONFLICTS);
    List<String> only = database.meta(ONLY).orElse("").lines().toList();
    return conflicts.map(policy -> new Agreement(only, ConflictPolicy.valueOf(policy)));
  }

  /** Keeps it for when the transfer goes on. */
  void keep(ShareDatabase database) throws StoreException {
    database.putMeta(ONLY, String.join("\n", only));
    database.putMeta(CONFLICTS, conflicts.name());
  }
}
