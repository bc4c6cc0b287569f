package dev.warren.node.share;

import dev.warren.node.store.FileStamp;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.names.LinkTarget;
import dev.warren.protocols.transfer.names.NameFolding;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds what there is to be shared, always in the same order: directories depth first, names as
 * they compare. What is given is shared under its own name, whatever is above it.
 *
 * <p>A link stays a link if it leads to something that is shared too; one that is given itself is
 * followed. What cannot be shared is noted and left out. It keeps the names of one directory on
 * each level and nothing else.
 */
public final class Scanner {
  /** Takes what is found. */
  @FunctionalInterface
  public interface Sink {
    /** Takes an entry, and where and what it is on the disk. */
    void add(Entry entry, Path source, FileStamp stamp) throws IOException;

    /** Is told what a rule leaves out, and which one. */
    default void skipped(String entry, boolean isDirectory, String rule) {}
  }

  private final Map<String, Path> roots;
  private final SkipRules rules;
  private final Consumer<ShareNote> notes;
  private final Class<? extends BasicFileAttributes> attributes;

  private Scanner(Map<String, Path> roots, SkipRules rules, Consumer<ShareNote> notes) {
    this.roots = roots;
    this.rules = rules;
    this.notes = notes;
    boolean posix =
        roots.values().stream()
            .allMatch(root -> root.getFileSystem().supportedFileAttributeViews().contains("posix"));
    this.attributes = posix ? PosixFileAttributes.class : BasicFileAttributes.class;
  }

  /**
   * Scans some paths.
   *
   * @param roots what {@link #roots} made of them
   * @throws IOException also if names are so alike that some systems could not have both
   */
  public static void scan(
      Map<String, Path> roots, SkipRules rules, Consumer<ShareNote> notes, Sink sink)
      throws IOException {
    new Scanner(roots, rules, notes).scan(sink);
  }

  /**
   * Paths by the names under which they are shared, in their order.
   *
   * @throws NoSuchFileException if one of them is not there
   * @throws IOException if one has no name, or two have the same
   */
  public static Map<String, Path> roots(List<Path> paths) throws IOException {
    Map<String, Path> roots = new TreeMap<>();
    for (Path path : paths) {
      Path given = path.toAbsolutePath().normalize();
      if (!Files.exists(given)) {
        throw new NoSuchFileException(path.toString(), null, "there is nothing of that name");
      }
      if (given.getFileName() == null) {
        throw new IOException(
            path + " as a whole has no name to be shared by: share what is in it");
      }
      // Whoever gives a link means what it leads to.
      Path root = given.toRealPath();
      Path other = roots.putIfAbsent(normalized(given.getFileName().toString()), root);
      if (other != null && !other.equals(root)) {
        throw new IOException(
            "%s and %s have the same name: share them one by one, or rename one"
                .formatted(other, root));
      }
    }
    return roots;
  }

  private void scan(Sink sink) throws IOException {
    for (Map.Entry<String, Path> root : roots.entrySet()) {
      try {
        visit(root.getValue(), root.getKey(), root.getKey(), rules, sink);
      } catch (HostileNameException e) {
        throw alike(root.getKey(), List.copyOf(roots.keySet()), roots::get).orElse(e);
      }
    }
  }

  /**
   * Adds what is at a path.
   *
   * @param entry its path in the share
   * @return whether there was anything to be shared
   */
  private boolean visit(Path path, String entry, String name, SkipRules above, Sink sink)
      throws IOException {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(path, attributes, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      note(path, unreadable(path, e));
      return false;
    }
    if (above.skips(name, found.isDirectory())) {
      sink.skipped(entry, found.isDirectory(), above.why(name, found.isDirectory()));
      return false;
    }
    EntryPath entryPath;
    try {
      entryPath = EntryPath.parse(entry);
    } catch (HostileNameException e) {
      note(path, "%s is left out, since it %s: rename it to share it".formatted(path, e.reason()));
      return false;
    }
    if (found.isDirectory()) {
      return visitDirectory(path, entryPath, FileStamp.of(found), above, sink);
    }
    if (found.isSymbolicLink()) {
      return visitLink(path, entryPath, FileStamp.of(found), sink);
    }
    if (!found.isRegularFile()) {
      note(path, "%s is left out, since it is no file that could be copied".formatted(path));
      return false;
    }
    FileStamp stamp = FileStamp.of(found);
    sink.add(
        new Entry.File(
            entryPath,
            stamp.size(),
            stamp.modifiedNanos(),
            found instanceof PosixFileAttributes posix
                && posix.permissions().contains(PosixFilePermission.OWNER_EXECUTE)),
        path,
        stamp);
    return true;
  }

  private boolean visitDirectory(
      Path path, EntryPath entry, FileStamp stamp, SkipRules above, Sink sink) throws IOException {
    List<String> names;
    try {
      names = names(path);
    } catch (IOException e) {
      note(path, unreadable(path, e));
      return false;
    }
    // Ends the share if its rules cannot be read: what was not to be shared would be.
    SkipRules own = above.enter(path);
    boolean any = false;
    for (String name : names) {
      String normalized = normalized(name);
      try {
        any |= visit(path.resolve(name), entry + "/" + normalized, normalized, own, sink);
      } catch (HostileNameException e) {
        throw alike(name, names, path::resolve).orElse(e);
      }
    }
    if (!any) {
      sink.add(new Entry.Directory(entry), path, stamp);
    }
    return true;
  }

  /** What to say of a name that is refused because of an earlier one; nothing if it is not. */
  private static Optional<IOException> alike(
      String name, List<String> names, Function<String, Path> paths) {
    String folded = NameFolding.fold(name);
    return names.subList(0, names.indexOf(name)).stream()
        .filter(other -> NameFolding.fold(other).equals(folded))
        .findFirst()
        .map(
            other ->
                new IOException(
                    ("%s and %s have the same name where upper and lower case are one: rename one of"
                            + " them, or leave it out with --exclude")
                        .formatted(paths.apply(other), paths.apply(name))));
  }

  private static List<String> names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        names.add(child.getFileName().toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  private boolean visitLink(Path path, EntryPath entry, FileStamp stamp, Sink sink)
      throws IOException {
    Path target = path.resolveSibling(Files.readSymbolicLink(path));
    if (!Files.exists(target)) {
      note(path, "%s is left out, since it is a link that leads nowhere".formatted(path));
      return false;
    }
    Optional<Path> destination = shared(target.normalize());
    if (destination.isEmpty()) {
      note(
          path,
          "%s is left out, since it is a link that leads out of what is shared, to %s"
              .formatted(path, target.normalize()));
      return false;
    }
    // As the paths of the share have it, where roots are side by side.
    Path directory = Optional.ofNullable(Path.of(entry.toString()).getParent()).orElse(Path.of(""));
    String relative = directory.relativize(destination.get()).toString();
    try {
      LinkTarget parsed =
          LinkTarget.parse(
              entry,
              normalized(relative.isEmpty() ? "." : relative)
                  .replace(path.getFileSystem().getSeparator(), "/"));
      sink.add(new Entry.Link(entry, parsed), path, stamp);
      return true;
    } catch (HostileNameException e) {
      note(path, "%s is left out, since it %s".formatted(path, e.reason()));
      return false;
    }
  }

  /** The path that something on the disk has in the share. */
  private Optional<Path> shared(Path path) {
    return roots.entrySet().stream()
        .filter(root -> path.startsWith(root.getValue()))
        .map(root -> Path.of(root.getKey()).resolve(root.getValue().relativize(path).toString()))
        .findFirst();
  }

  private static String unreadable(Path path, IOException e) {
    return switch (e) {
      case AccessDeniedException _ ->
          "%s is left out, since you may not read it: chmod +r, or leave it be".formatted(path);
      case NoSuchFileException _ -> "%s is left out, since it has gone".formatted(path);
      default -> "%s is left out, since it cannot be read: %s".formatted(path, e.getMessage());
    };
  }

  private void note(Path path, String sentence) {
    notes.accept(new ShareNote(path, sentence));
  }

  /** Names as they are sent: some file systems keep them taken apart. */
  private static String normalized(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }
}
