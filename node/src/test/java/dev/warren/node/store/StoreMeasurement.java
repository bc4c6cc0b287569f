package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a share of very many files takes to be written and read, and with how much memory. To be
 * run by hand, with the number of files and a directory: {@code java -Xmx48m ... 1000000 /tmp/x}.
 */
final class StoreMeasurement {
  private static final int FILES_IN_A_SEGMENT = 4000;

  private StoreMeasurement() {}

  public static void main(String[] arguments) throws IOException {
    int files = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]);
    Path file = directory.resolve("share.db");
    ShareDatabase.delete(file);
    try (ShareDatabase share = ShareDatabase.open(file)) {
      measure("list", files, () -> list(share, files));
      measure("content", files, () -> content(share, files));
    }
    System.out.printf("file: %d MiB%n", Files.size(file) >> 20);
    try (ShareDatabase share = ShareDatabase.open(file)) {
      measure("find hashes", files, () -> share.ordinalOf(Manifests.hash(1)).orElseThrow());
      measure("entries", files, () -> read(files, first -> share.entries(first, 4096).size()));
      measure("chunks", files, () -> read(files, first -> share.chunks(first, 4096).size()));
      measure("located", files, () -> read(files, first -> share.located(first, 4096).size()));
      measure(
          "places",
          files,
          () ->
              read(files, first -> share.places(Place.before(first), Long.MAX_VALUE, 4096).size()));
    }
    var data = new DataDirectory(directory.resolve("data")).create();
    try (NodeDatabase node =
        NodeDatabase.open(data, InstantSource.system(), NodeDatabase.CACHE_LIMIT_BYTES)) {
      measure("hash cache", files, () -> record(node.hashes(), files));
      measure("find files", files, () -> find(node.hashes(), files));
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private interface Range {
    int read(long first) throws IOException;
  }

  private static void measure(String what, int files, Step step) throws IOException {
    long start = System.nanoTime();
    step.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%-12s %6.2f s %6.2f us each, %s%n",
        what,
        seconds,
        seconds * 1e6 / files,
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
            .toList());
  }

  private static void read(int files, Range range) throws IOException {
    for (long first = 0; first < files; ) {
      first += range.read(first);
    }
  }

  private static String path(int i) {
    return "world/region-%03d/chunk-%04d/file-%07d.dat".formatted(i / 10_000, i / 100, i);
  }

  private static void list(ShareDatabase share, int files) throws StoreException {
    for (int first = 0; first < files; first += FILES_IN_A_SEGMENT) {
      List<Entry> entries = new ArrayList<>();
      for (int i = first; i < Math.min(first + FILES_IN_A_SEGMENT, files); i++) {
        entries.add(Manifests.file(path(i), 4096));
      }
      Manifests.add(share, new Segment.Listing(entries, first + FILES_IN_A_SEGMENT >= files));
    }
  }

  private static void content(ShareDatabase share, int files) throws StoreException {
    for (int first = 0; first < files; first += FILES_IN_A_SEGMENT) {
      List<FilePart> parts = new ArrayList<>();
      for (int i = first; i < Math.min(first + FILES_IN_A_SEGMENT, files); i++) {
        parts.add(Manifests.whole(i, 4096, Manifests.fresh(i, 4096)));
      }
      Manifests.add(share, new Segment.Content(parts, first + FILES_IN_A_SEGMENT >= files));
    }
  }

  private static void record(HashCache hashes, int files) throws StoreException {
    for (int i = 0; i < files; i++) {
      HashCache.Recording recording = hashes.record(Path.of("/home/kim/" + path(i)));
      recording.add(new Chunk(Manifests.hash(i), 4096));
      recording.complete(new FileStamp(4096, i, i));
    }
    hashes.flush();
  }

  private static void find(HashCache hashes, int files) throws StoreException {
    for (int first = 0; first < files; first += 1024) {
      List<Path> paths = new ArrayList<>();
      for (int i = first; i < Math.min(first + 1024, files); i++) {
        paths.add(Path.of("/home/kim/" + path(i)));
      }
      if (hashes.find(paths).size() != paths.size()) {
        throw new IllegalStateException("files are missing");
      }
    }
  }
}
