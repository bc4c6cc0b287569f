package dev.warren.node.share;

import java.io.IOException;
import java.nio.file.Path;

/** Says what of a directory is not shared; only a preview speaks of that. */
@FunctionalInterface
public interface SkipRules {
  /** Skips nothing. */
  SkipRules NONE = (name, isDirectory) -> false;

  /** Whether what has this name in the directory is left out. */
  boolean skips(String name, boolean isDirectory);

  /** Which rule leaves that out, for people; empty where there is nothing to name. */
  default String why(String name, boolean isDirectory) {
    return "";
  }

  /** The rules for a directory in this one, which may have some of its own. */
  default SkipRules enter(Path directory) throws IOException {
    return this;
  }

  /** Skips what these or the others skip. */
  default SkipRules or(SkipRules others) {
    record Either(SkipRules one, SkipRules other) implements SkipRules {
      @Override
      public boolean skips(String name, boolean isDirectory) {
        return one.skips(name, isDirectory) || other.skips(name, isDirectory);
      }

      @Override
      public String why(String name, boolean isDirectory) {
        return (one.skips(name, isDirectory) ? one : other).why(name, isDirectory);
      }

      @Override
      public SkipRules enter(Path directory) throws IOException {
        return new Either(one.enter(directory), other.enter(directory));
      }
    }
    return new Either(this, others);
  }
}
