package dev.warren.node.receive;

import dev.warren.node.store.FileStamp;
import dev.warren.node.store.StoredEntry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The directory that a share is received into. The directory itself may be reached by links; below
 * it nothing is followed: a link there leads to a place that nobody has agreed to. So the way to
 * each file is looked at anew when it gets its name. Safe for many threads.
 */
final class Destination {
  private static final Map<PosixFilePermission, PosixFilePermission> EXECUTE_WHERE_READ =
      Map.of(
          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final Path root;

  Destination(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  Path root() {
    return root;
  }

  /** The place of a relative path that has been checked. */
  Path resolve(String relative) {
    return root.resolve(relative);
  }

  /** Where an entry is, or is to be. */
  Path pathOf(StoredEntry stored) {
    return resolve(stored.local().orElse(stored.entry().path().toString()));
  }

  /** Makes a directory and those above it, unless they are there. */
  void makeDirectory(Path directory) throws IOException {
    if (directory.equals(root)) {
      if (!Files.isDirectory(root)) {
        Files.createDirectories(root);
      }
      return;
    }
    Optional<BasicFileAttributes> there = look(directory);
    Path parent = directory.getParent();
    if (parent != null && parent.startsWith(root)) {
      makeDirectory(parent);
    }
    if (there.isEmpty()) {
      try {
        Files.createDirectory(directory);
      } catch (FileAlreadyExistsException e) {
        checkDirectory(directory);
      }
    } else {
      checkDirectory(directory, there.get());
    }
  }

  /** Looks whether a directory is one, and no link to one. */
  void checkDirectory(Path directory) throws IOException {
    checkDirectory(
        directory,
        Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  private static void checkDirectory(Path directory, BasicFileAttributes there) throws IOException {
    if (!there.isDirectory()) {
      throw new IOException(
          there.isSymbolicLink()
              ? "'%s' is a link that leads elsewhere; receive into another directory"
                  .formatted(directory)
              : "'%s' is in the way: a directory of that name is needed".formatted(directory));
    }
  }

  /** What is at a place, links not being followed. */
  static Optional<BasicFileAttributes> look(Path path) throws IOException {
    return Optional.ofNullable(
        path.getFileSystem()
            .provider()
            .readAttributesIfExists(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * A file that has its name.
   *
   * @param name the one that it got: another one when somebody else's file has it by now
   * @param stamp how it was when it got it; whoever changes it afterwards changes that too
   */
  record Given(Path name, FileStamp stamp) {}

  /** Gives a file that is whole its name. */
  Given give(Path whole, FileGoal goal) throws IOException {
    Path name = root.resolve(goal.path());
    makeDirectory(name.getParent());
    Files.getFileAttributeView(whole, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(goal.modifiedNanos(), TimeUnit.NANOSECONDS), null, null);
    if (goal.executable()) {
      makeExecutable(whole);
    }
    FileStamp stamp = FileStamp.of(whole, LinkOption.NOFOLLOW_LINKS);
    if (goal.replace()) {
      Files.move(whole, name, StandardCopyOption.ATOMIC_MOVE);
      return new Given(name, stamp);
    }
    for (Path free = name; ; free = FreeName.after(free)) {
      if (moveWhereNothingIs(whole, free)) {
        return new Given(free, stamp);
      }
      FileStamp other = FileStamp.of(free, LinkOption.NOFOLLOW_LINKS);
      if (Files.isRegularFile(free, LinkOption.NOFOLLOW_LINKS) && Files.mismatch(whole, free) < 0) {
        Files.delete(whole); // as after a crash between its getting the name and the note of it
        return new Given(free, other);
      }
    }
  }

  /**
   * Moves a file unless something is there. A move would replace what the user put there a moment
   * ago; a second name for the same file is given only if it is free.
   */
  private static boolean moveWhereNothingIs(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (FileSystemException | UnsupportedOperationException e) {
      // There are file systems that have one name for a file, where looking first has to do.
      if (look(to).isPresent()) {
        return false;
      }
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    }
    Files.delete(from);
    return true;
  }

  /**
   * Makes a symbolic link.
   *
   * @return the name that it got: another one when something else has its name
   */
  Path makeLink(Path name, Path target) throws IOException {
    makeDirectory(name.getParent());
    for (Path free = name; ; free = FreeName.after(free)) {
      if (leadsTo(free, target)) {
        return free;
      }
      try {
        return Files.createSymbolicLink(free, target);
      } catch (FileAlreadyExistsException e) {
        // The next name may be free.
      }
    }
  }

  /**
   * Puts a symbolic link in place of what has its name.
   *
   * @param made where it is made before, since nothing is replaced by what is not there yet
   */
  void replaceByLink(Path name, Path target, Path made) throws IOException {
    makeDirectory(name.getParent());
    if (!leadsTo(name, target)) {
      Files.createSymbolicLink(made, target);
      Files.move(made, name, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Whether a symbolic link is there, and says just this. */
  static boolean leadsTo(Path link, Path target) throws IOException {
    return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target);
  }

  private static void makeExecutable(Path file) throws IOException {
    try {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      EXECUTE_WHERE_READ.forEach(
          (read, execute) -> {
            if (permissions.contains(read)) {
              permissions.add(execute);
            }
          });
      Files.setPosixFilePermissions(file, permissions);
    } catch (UnsupportedOperationException e) {
      // The system knows by other means what can be run.
    }
  }

  /** Names like that of a file that is there: {@code map (1).zip}. */
  static final class FreeName {
    private FreeName() {}

    static Path after(Path taken) {
      String name = String.valueOf(taken.getFileName());
      int dot = name.lastIndexOf('.');
      String stem = dot > 0 ? name.substring(0, dot) : name;
      String extension = dot > 0 ? name.substring(dot) : "";
      int number = 1;
      int open = stem.lastIndexOf(" (");
      if (open > 0 && stem.endsWith(")")) {
        String digits = stem.substring(open + 2, stem.length() - 1);
        if (digits.length() <= 6
            && !digits.isEmpty()
            && digits.chars().allMatch(Character::isDigit)) {
          number = Integer.parseInt(digits) + 1;
          stem = stem.substring(0, open);
        }
      }
      return taken.resolveSibling("%s (%d)%s".formatted(stem, number, extension));
    }
  }
}
