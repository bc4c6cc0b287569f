package dev.warren.protocols.transfer.names;

import java.util.List;
import java.util.Optional;

/**
 * A relative path that may be created on every system: there is none that leads out of the
 * directory it is resolved against, names a device, or hides what it is. Each of its names keeps to
 * the rules of Windows, macOS and Linux at once, wherever it is read.
 *
 * <p>{@code .git} and other names with a meaning to some program are names like any other: what a
 * program does with a file is no matter of its path, and people do share repositories. The listing
 * that is shown before consent has them all.
 */
public final class EntryPath {
  /** The longest path, in bytes of UTF-8. */
  public static final int MAX_BYTES = 4096;

  /** How many names a path may have. */
  public static final int MAX_COMPONENTS = 128;

  /** How the names of directories for partial files begin, which no entry may bear. */
  public static final String PARTIAL_PREFIX = ".warren-partial-";

  private final String text;

  private EntryPath(String text) {
    this.text = text;
  }

  /**
   * The path of a text as it is sent: names joined by {@code /}.
   *
   * @throws HostileNameException if it may not be created everywhere, naming it and saying why
   */
  public static EntryPath parse(String text) throws HostileNameException {
    Optional<String> objection = objection(text);
    if (objection.isPresent()) {
      throw new HostileNameException(text, objection.get());
    }
    return new EntryPath(text);
  }

  private static Optional<String> objection(String text) {
    if (text.length() > MAX_BYTES || ComponentRules.utf8Length(text) > MAX_BYTES) {
      return Optional.of("is longer than " + MAX_BYTES + " bytes");
    }
    if (text.startsWith("/")) {
      return Optional.of("is not relative");
    }
    int components = 0;
    for (int start = 0; start <= text.length(); components++) {
      if (components == MAX_COMPONENTS) {
        return Optional.of("has more than " + MAX_COMPONENTS + " names in it");
      }
      int end = endOfComponent(text, start);
      Optional<String> objection = ComponentRules.objection(text.substring(start, end));
      if (objection.isPresent()) {
        return objection;
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private static int endOfComponent(String text, int start) {
    int slash = text.indexOf('/', start);
    return slash < 0 ? text.length() : slash;
  }

  /** How long it is as it is sent. */
  public int bytes() {
    return ComponentRules.utf8Length(text);
  }

  /** Its names from the top, at least one. */
  public List<String> components() {
    return List.of(text.split("/"));
  }

  /** Its last name. */
  public String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** What is before the last name, without the slash between; empty when there is nothing. */
  String directory() {
    return text.substring(0, Math.max(text.lastIndexOf('/'), 0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryPath that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The names joined by {@code /}, as it is sent. */
  @Override
  public String toString() {
    return text;
  }
}
