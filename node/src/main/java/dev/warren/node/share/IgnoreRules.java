package dev.warren.node.share;

import java.util.List;
import java.util.Optional;

/**
 * What of a directory is not to be shared: the {@value #FILE_NAME} files in it and below, and the
 * patterns of the command line, all with the meaning of gitignore(5). Patterns of the command line
 * count before those of files, a file before those of directories above it, and a later line before
 * an earlier one; the first to match decides.
 *
 * <p>Rules are immutable. Who walks a tree makes those of each directory out of those above it, and
 * does not enter a directory that is ignored: nothing in it can be taken back.
 */
public final class IgnoreRules {
  /** How files with rules are called. */
  public static final String FILE_NAME = ".warrenignore";

  private final List<IgnorePattern> commandLine;

  /** Empty for the command line alone. */
  private final Optional<IgnoreRules> above;

  /** The path of the directory that the rules are for, with a slash after it unless it is empty. */
  private final String base;

  private final List<IgnorePattern> patterns;

  private IgnoreRules(
      List<IgnorePattern> commandLine,
      Optional<IgnoreRules> above,
      String base,
      List<IgnorePattern> patterns) {
    this.commandLine = commandLine;
    this.above = above;
    this.base = base;
    this.patterns = patterns;
  }

  /** Rules of the command line: patterns as they are, which may be none. */
  public static IgnoreRules of(List<String> patterns) {
    return new IgnoreRules(
        patterns.stream().map(IgnorePattern::parse).toList(), Optional.empty(), "", List.of());
  }

  /**
   * These rules, with those of a directory's file for what is in it and below.
   *
   * @param directory its path, with {@code /} between names; empty for the top
   * @param file what the file says
   */
  public IgnoreRules within(String directory, String file) {
    return new IgnoreRules(
        commandLine,
        Optional.of(this),
        directory.isEmpty() ? "" : directory + "/",
        file.replaceFirst("^\ufeff", "")
            .lines()
            .map(IgnorePattern::parseLine)
            .flatMap(Optional::stream)
            .toList());
  }

  /**
   * Whether something is not to be shared, of which the directories above are.
   *
   * @param path from the top, with {@code /} between names
   * @param directory whether it is a directory, which a link to one is not
   */
  public boolean ignores(String path, boolean directory) {
    return decisive(path, directory).filter(found -> !found.pattern.negated()).isPresent();
  }

  /** The pattern that decides, and the file that it is in; empty if none does. */
  String why(String path, boolean directory) {
    return decisive(path, directory)
        .map(
            found ->
                found.file.isEmpty()
                    ? found.pattern.line()
                    : found.pattern.line() + " in " + found.file)
        .orElse("");
  }

  private record Decisive(IgnorePattern pattern, String file) {}

  private Optional<Decisive> decisive(String path, boolean directory) {
    Optional<Decisive> decisive =
        lastMatch(commandLine, path, directory).map(pattern -> new Decisive(pattern, ""));
    for (Optional<IgnoreRules> rules = Optional.of(this);
        decisive.isEmpty() && rules.isPresent();
        rules = rules.get().above) {
      IgnoreRules these = rules.get();
      if (path.startsWith(these.base)) {
        decisive =
            lastMatch(these.patterns, path.substring(these.base.length()), directory)
                .map(pattern -> new Decisive(pattern, these.base + FILE_NAME));
      }
    }
    return decisive;
  }

  private static Optional<IgnorePattern> lastMatch(
      List<IgnorePattern> patterns, String path, boolean directory) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    for (IgnorePattern pattern : patterns.reversed()) {
      if ((directory || !pattern.directoriesOnly())
          && pattern.text().test(pattern.anywhere() ? name : path)) {
        return Optional.of(pattern);
      }
    }
    return Optional.empty();
  }
}
