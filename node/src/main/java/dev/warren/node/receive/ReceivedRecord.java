package dev.warren.node.receive;

import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What is known of a share that was received as a whole.
 *
 * @param directory what it was put into
 */
public record ReceivedRecord(Path database, Path directory) {
  private static final int PAGE = 1024;

  /** Something to do with what was received. */
  interface Visitor {
    void visit(ShareDatabase share, StoredEntry stored, Path path) throws IOException;
  }

  /** Visits all of it that was wanted. */
  void visit(Visitor visitor) throws IOException {
    try (ShareDatabase share = ShareDatabase.openShared(database)) {
      for (long first = 0; first < share.totals().entries(); first += PAGE) {
        for (StoredEntry stored : share.entries(first, PAGE)) {
          EntryState state = EntryState.of(stored.state());
          if (state.isDue() || state == EntryState.FINISHED) {
            String name = stored.local().orElse(stored.entry().path().toString());
            visitor.visit(share, stored, directory.resolve(name));
          }
        }
      }
    }
  }

  /** The folder or file directly in the directory that holds a path. */
  Path top(Path path) {
    return directory.resolve(directory.relativize(path).getName(0));
  }
}
