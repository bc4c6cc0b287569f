package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something to be passed on by someone, to be measured several times.
 *
 * @param change what is done to the source before each time; if it is anything, the receiver has
 *     the source as it was before
 */
record Errand(Courier courier, Path source, Change change) {
  private static final Pattern LOOPBACK = Pattern.compile("(?m)^ *lo: *([0-9]+)");

  /** Changes the source before it is passed on again. */
  @FunctionalInterface
  interface Change {
    /** Nothing changes: the receiver has nothing of it. */
    Change NONE = _ -> {};

    void apply(Path source) throws IOException;
  }

  /** Measures once, in a directory that is there for this. */
  Delivery run(Path directory) throws IOException {
    long bytes = Freight.bytes(source);
    Path home = directory.resolve("home");
    Path into = directory.resolve("into");
    prepare(home, into, true);
    long begin = System.nanoTime();
    double fromNothing;
    try (Courier.Offer offer = courier.offer(source, home)) {
      offer.receive(into);
      fromNothing = (System.nanoTime() - begin) / 1e9;
    }
    check(into);
    prepare(home, into, false);
    Delivery delivery;
    try (Courier.Offer offer = courier.offer(source, home)) {
      offer.awaitReady();
      long before = loopbackBytes();
      Courier.Arrival arrival = offer.receive(into);
      delivery =
          new Delivery(
              bytes,
              Freight.files(source).size(),
              fromNothing,
              arrival,
              offer.taken(),
              loopbackBytes() - before);
    }
    check(into);
    discard(home);
    discard(into);
    return delivery;
  }

  private void prepare(Path home, Path into, boolean first) throws IOException {
    if (first || change == Change.NONE) {
      discard(home);
      discard(into);
      Files.createDirectories(home);
      Files.createDirectories(into);
    }
    if (change == Change.NONE) {
      return;
    }
    if (first) {
      try (Courier.Offer offer = courier.offer(source, home)) {
        offer.receive(into);
      }
    }
    change.apply(source);
  }

  /**
   * Puts a tree aside, to be deleted with the directory: ext4 is slow to make files for half a
   * minute after many have been deleted, since it passes their numbers over.
   */
  private static void discard(Path tree) throws IOException {
    if (Files.exists(tree)) {
      Files.move(tree, Files.createTempDirectory(tree.getParent(), "old").resolve("it"));
    }
  }

  private void check(Path into) throws IOException {
    if (courier.makesFiles()) {
      Freight.requireSame(source, into.resolve(source.getFileName().toString()));
    }
  }

  /** Linux counts what comes over loopback; elsewhere this is 0. */
  private static long loopbackBytes() throws IOException {
    Path counters = Path.of("/proc/net/dev");
    if (!Files.exists(counters)) {
      return 0;
    }
    Matcher line = LOOPBACK.matcher(Files.readString(counters));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  @Override
  public String toString() {
    return courier.name();
  }
}
