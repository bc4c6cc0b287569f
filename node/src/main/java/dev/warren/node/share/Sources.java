package dev.warren.node.share;

import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.names.EntryPath;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the entries of a share are on the disk: below its roots, as their paths say, or elsewhere.
 */
final class Sources {
  private final Map<String, Path> roots;

  Sources(Map<String, Path> roots) {
    this.roots = Map.copyOf(roots);
  }

  /** Where an entry is. */
  Path of(StoredEntry entry) {
    return entry.local().map(Path::of).or(() -> below(entry.entry().path())).orElseThrow();
  }

  /** Where a path leads to, if it begins with a root. */
  Optional<Path> below(EntryPath path) {
    String text = path.toString();
    int slash = text.indexOf('/');
    Path root = roots.get(slash < 0 ? text : text.substring(0, slash));
    return Optional.ofNullable(root)
        .map(found -> slash < 0 ? found : found.resolve(text.substring(slash + 1)));
  }
}
