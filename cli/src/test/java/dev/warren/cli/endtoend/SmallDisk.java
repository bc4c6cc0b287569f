package dev.warren.cli.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk of a few megabytes that only some processes see. */
final class SmallDisk implements AutoCloseable {
  private final Namespace namespace;
  private final Path folder;

  private SmallDisk(Namespace namespace, Path folder) {
    this.namespace = namespace;
    this.folder = folder;
  }

  /** Puts one at this folder for those whom {@link #prefix} starts, if the system lets us. */
  static Optional<SmallDisk> at(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    return Namespace.make(
            Namespace.Kind.MOUNTS,
            "mount -t tmpfs -o size=$1 tmpfs \"$2\"",
            Long.toString(bytes),
            folder.toString())
        .map(namespace -> new SmallDisk(namespace, folder));
  }

  /** What has to stand before a command that is to see it. */
  List<String> prefix() {
    return namespace.prefix();
  }

  /** Where we see what they see at the folder. */
  Path view() {
    return namespace.see(folder);
  }

  /** Takes all room that is left. */
  void fill() {
    byte[] block = new byte[1 << 12];
    try (var out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // It is full.
    }
  }

  /** Gives the room back. */
  void empty() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return view().resolve("filler");
  }

  @Override
  public void close() {
    namespace.close();
  }
}
