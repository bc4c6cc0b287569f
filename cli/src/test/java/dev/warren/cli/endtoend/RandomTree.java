package dev.warren.cli.endtoend;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Makes folders such as people share, and such as they should not have. */
final class RandomTree {
  private static final int MEBIBYTE = 1 << 20;
  private static final List<String> STEMS =
      Stream.of("map", "Карта", "日本語", "naïve", "🦦 otter", "two words", "x".repeat(180), ".hidden")
          .filter(RandomTree::canBeMade)
          .toList();

  private final Path root;
  private final Random random;
  private final List<Path> files = new ArrayList<>();
  private long contentBytes;
  private long zeroBytes;
  private int names;

  private RandomTree(Path root, Random random) {
    this.root = root;
    this.random = random;
  }

  /** Whether we can make a file of this name, which depends on the locale that we run in. */
  private static boolean canBeMade(String name) {
    return Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(name);
  }

  /** Makes one. */
  static RandomTree make(Path root, Random random) throws IOException {
    var tree = new RandomTree(Files.createDirectories(root), random);
    switch (random.nextInt(4)) {
      case 0 -> tree.oneLarge();
      case 1 -> tree.manySmall();
      default -> tree.someOfEach();
    }
    return tree;
  }

  Path root() {
    return root;
  }

  /** What has to be moved, at least. */
  long contentBytes() {
    return contentBytes;
  }

  /** What has to be moved, at most. */
  long mostBytes() {
    return contentBytes + zeroBytes;
  }

  /** One that is not small, if there is one. */
  Path largest() throws IOException {
    Path largest = files.getFirst();
    for (Path file : files) {
      largest = Files.size(file) > Files.size(largest) ? file : largest;
    }
    return largest;
  }

  private void oneLarge() throws IOException {
    file(root, 8 * MEBIBYTE + random.nextInt(56 * MEBIBYTE));
    file(root, 0);
  }

  private void manySmall() throws IOException {
    List<Path> folders = List.of(root, folder(root), folder(folder(root)), folder(root));
    for (int count = 200 + random.nextInt(1500); count > 0; count--) {
      file(folders.get(random.nextInt(folders.size())), random.nextInt(12 << 10));
    }
  }

  private void someOfEach() throws IOException {
    List<Path> folders = new ArrayList<>(List.of(root));
    for (int count = 2 + random.nextInt(12); count > 0; count--) {
      folders.add(folder(folders.getLast())); // ever deeper
    }
    for (int count = 5 + random.nextInt(20); count > 0; count--) {
      file(folders.get(random.nextInt(folders.size())), (int) Math.pow(2, random.nextDouble(22)));
    }
    file(root, 4 * MEBIBYTE + random.nextInt(12 * MEBIBYTE));
    file(root, 0);
    sparse(folders.getLast());
    Path twice = files.getFirst();
    finish(Files.copy(twice, name(folders.getLast())));
    Files.createSymbolicLink(name(twice.getParent()), twice.getFileName());
    folder(root); // stays empty
  }

  private Path folder(Path in) throws IOException {
    return Files.createDirectory(name(in));
  }

  private void file(Path in, int size) throws IOException {
    byte[] content = new byte[size];
    random.nextBytes(content);
    finish(Files.write(name(in), content));
    contentBytes += size;
  }

  private void sparse(Path in) throws IOException {
    Path path = name(in);
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength((16 + random.nextInt(100)) * (long) MEBIBYTE + random.nextInt(1000));
      for (int island = 0; island < 3; island++) {
        byte[] content = new byte[1 + random.nextInt(500_000)];
        random.nextBytes(content);
        file.seek(random.nextLong(file.length() - content.length));
        file.write(content);
        contentBytes += content.length;
        zeroBytes += 2 * MEBIBYTE; // where they are not a chunk's length at a time
      }
    }
    finish(path);
  }

  private void finish(Path file) throws IOException {
    if (random.nextInt(5) == 0) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setLastModifiedTime(
        file, FileTime.from(random.nextLong(1_000_000_000_000_000_000L), TimeUnit.NANOSECONDS));
    files.add(file);
  }

  private Path name(Path in) {
    return in.resolve(STEMS.get(random.nextInt(STEMS.size())) + " " + names++);
  }
}
