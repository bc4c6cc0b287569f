package dev.warren.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Files to be passed on. What is in them is random, so that nobody gains by compressing it. */
final class Freight {
  private static final int MIB = 1 << 20;
  private static final int FILES_IN_A_DIRECTORY = 1000;

  /** A sparse file has a MiB of data, and after it a hole, so many times. */
  private static final int ISLANDS = 64;

  private final Random random = new Random(1);

  /** A file full of data. */
  Path bigFile(Path directory, long bytes) throws IOException {
    Path file = directory.resolve("big");
    try (FileChannel channel = create(file)) {
      for (long left = bytes; left > 0; left -= MIB) {
        write(channel, (int) Math.min(left, MIB));
      }
    }
    return file;
  }

  /** A folder of folders of files. */
  Path smallFiles(Path directory, int count, int bytes) throws IOException {
    Path folder = directory.resolve("small-" + count);
    byte[] content = new byte[bytes];
    for (int i = 0; i < count; i++) {
      Path group = folder.resolve("group-%05d".formatted(i / FILES_IN_A_DIRECTORY));
      if (i % FILES_IN_A_DIRECTORY == 0) {
        Files.createDirectories(group);
      }
      random.nextBytes(content);
      Files.write(group.resolve("file-%07d".formatted(i)), content);
    }
    return folder;
  }

  /** A file that is mostly holes. */
  Path sparseFile(Path directory, long bytes) throws IOException {
    Path file = directory.resolve("sparse");
    try (FileChannel channel = create(file)) {
      for (int island = 0; island < ISLANDS; island++) {
        channel.position(bytes / ISLANDS * island);
        write(channel, MIB);
      }
      channel.write(ByteBuffer.allocate(1), bytes - 1);
    }
    return file;
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
  }

  private void write(FileChannel channel, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    channel.write(ByteBuffer.wrap(content));
  }

  /** Changes a MiB somewhere in a file, in place. */
  void change(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.position(random.nextLong(Math.max(1, channel.size() - MIB)));
      write(channel, (int) Math.min(MIB, channel.size()));
    }
  }

  /** What all files in a file or folder hold together. */
  static long bytes(Path tree) throws IOException {
    long bytes = 0;
    for (Path file : files(tree)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  static List<Path> files(Path tree) throws IOException {
    try (Stream<Path> found = Files.walk(tree)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Fails unless both hold the same. */
  static void requireSame(Path tree, Path other) throws IOException {
    List<Path> files = files(tree);
    if (files(other).size() != files.size()) {
      throw new IOException("there are other files in " + other + " than in " + tree);
    }
    for (Path file : files) {
      Path same = file.equals(tree) ? other : other.resolve(tree.relativize(file).toString());
      if (Files.mismatch(file, same) >= 0) {
        throw new IOException(same + " is not what " + file + " is");
      }
    }
  }

  /** Deletes a file or folder, if it is there. */
  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
