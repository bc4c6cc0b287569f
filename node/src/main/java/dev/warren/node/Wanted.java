package dev.warren.node;

import dev.warren.node.share.IgnoreRules;
import dev.warren.protocols.transfer.names.EntryPath;
import java.util.List;
import java.util.function.Predicate;

/** What of a share is asked for: what matches a pattern, or is in a directory that does. */
record Wanted(IgnoreRules chosen) implements Predicate<EntryPath> {
  /** What these patterns choose; everything if there are none. */
  static Predicate<EntryPath> by(List<String> patterns) {
    return patterns.isEmpty() ? _ -> true : new Wanted(IgnoreRules.of(patterns));
  }

  @Override
  public boolean test(EntryPath path) {
    String text = path.toString();
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
      if (chosen.ignores(text.substring(0, slash), true)) {
        return true;
      }
    }
    return chosen.ignores(text, false);
  }
}
