package dev.warren.cli.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What is below a folder: the path of each entry, and all that a share carries of it as one line.
 * Without what is under a name that says that it is not whole.
 */
record Snapshot(Map<String, String> entries) {
  private static final String PARTIAL_PREFIX = ".warren-partial-";

  /** Looks at a folder; empty if there is none. */
  static Snapshot of(Path root) throws IOException {
    var entries = new TreeMap<String, String>();
    if (Files.isDirectory(root)) {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              if (isPartial(folder)) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              entries.put(root.relativize(folder).toString(), "folder");
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              entries.put(root.relativize(file).toString(), describe(file, attributes));
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return new Snapshot(entries);
  }

  /** Whether there is anything in a folder that was not finished. */
  static boolean hasPartials(Path root) throws IOException {
    try (var inside = Files.list(root)) {
      return inside.anyMatch(Snapshot::isPartial);
    }
  }

  private static boolean isPartial(Path path) {
    return path.getFileName().toString().startsWith(PARTIAL_PREFIX);
  }

  private static String describe(Path file, BasicFileAttributes attributes) throws IOException {
    return attributes.isSymbolicLink()
        ? "link to " + Files.readSymbolicLink(file)
        : "%d bytes %s of %d%s"
            .formatted(
                attributes.size(),
                sha256(file),
                attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                Files.isExecutable(file) ? " executable" : "");
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }
}
