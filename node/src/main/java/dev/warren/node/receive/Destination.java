package dev.warren.node.receive;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The directory that a share is received into. The directory itself may be reached by links; below
 * it nothing is followed: a link there leads to a place that nobody has agreed to. Safe for many
 * threads.
 */
final class Destination {
  private static final int MAX_KNOWN_DIRECTORIES = 4096;

  private static final Map<PosixFilePermission, PosixFilePermission> EXECUTE_WHERE_READ =
      Map.of(
          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final Path root;

  /** Directories that are known to be there, so that not every file asks for its own. */
  private final Set<Path> directories =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
                  return size() > MAX_KNOWN_DIRECTORIES;
                }
              }));

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

  /** Makes a directory and those above it. */
  void makeDirectory(Path directory) throws IOException {
    if (directory.equals(root)) {
      Files.createDirectories(root);
      return;
    }
    if (directories.contains(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null && parent.startsWith(root)) {
      makeDirectory(parent);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "'%s' is in the way: a directory of that name is needed".formatted(directory), e);
      }
    }
    directories.add(directory);
  }

  /** What is at a place, links not being followed. */
  static Optional<BasicFileAttributes> look(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Gives a file that is whole its name.
   *
   * @return the name that it got: another one when somebody else's file has it by now
   */
  Path give(Path whole, FileGoal goal) throws IOException {
    Path name = root.resolve(goal.path());
    Path parent = name.getParent();
    if (parent != null) {
      makeDirectory(parent);
    }
    Files.getFileAttributeView(whole, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(goal.modifiedNanos(), TimeUnit.NANOSECONDS), null, null);
    if (goal.executable()) {
      makeExecutable(whole);
    }
    if (goal.replace()) {
      Files.move(whole, name, StandardCopyOption.ATOMIC_MOVE);
      return name;
    }
    for (Path free = name; ; free = FreeName.after(free)) {
      Optional<BasicFileAttributes> there = look(free);
      if (there.isEmpty()) {
        Files.move(whole, free, StandardCopyOption.ATOMIC_MOVE);
        return free;
      }
      if (there.get().isRegularFile() && Files.mismatch(whole, free) < 0) {
        Files.delete(whole); // as after a crash between its getting the name and the note of it
        return free;
      }
    }
  }

  /** Makes a symbolic link where nothing is yet. */
  void makeLink(Path link, String target) throws IOException {
    Path parent = link.getParent();
    if (parent != null) {
      makeDirectory(parent);
    }
    if (look(link).isEmpty()) {
      Files.createSymbolicLink(link, link.getFileSystem().getPath(target));
    }
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
