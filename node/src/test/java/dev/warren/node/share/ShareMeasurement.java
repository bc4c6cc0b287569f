package dev.warren.node.share;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.ManifestTotals;
import dev.warren.node.store.NodeDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes to list and hash what is in a directory, for the first time and again. To be
 * run by hand, with what to share and a directory for data: {@code java -Xmx64m ... /tmp/x
 * /tmp/data}.
 */
final class ShareMeasurement {
  private ShareMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    Path content = Path.of(arguments[0]);
    DataDirectory data = new DataDirectory(Path.of(arguments[1])).create();
    try (NodeDatabase node =
            NodeDatabase.open(data, InstantSource.system(), NodeDatabase.CACHE_LIMIT_BYTES);
        LocalShares shares =
            new LocalShares(
                data,
                node,
                PrivateKey.generate(KeyType.ED25519),
                InstantSource.system(),
                new SecureRandom())) {
      for (String what : List.of("first", "again", "once more")) {
        share(shares, content, what);
      }
    }
  }

  private static void share(LocalShares shares, Path content, String what) throws Exception {
    long start = System.nanoTime();
    LocalShare share = shares.begin(ShareRequest.of("measured", List.of(content)));
    double shown = (System.nanoTime() - start) / 1e9;
    while (!share.totals().listed() && !share.hashed().isDone()) {
      LockSupport.parkNanos(1_000_000);
    }
    double listed = (System.nanoTime() - start) / 1e9;
    share.hashed().get();
    double hashed = (System.nanoTime() - start) / 1e9;
    ManifestTotals totals = share.totals();
    System.out.printf(
        "%-9s begun %.3f s, listed %.3f s, hashed %.3f s: %d files, %d chunks, %.0f MB/s, %.0f files/s, %s%n",
        what,
        shown,
        listed,
        hashed,
        totals.endedFiles(),
        totals.chunks(),
        totals.endedBytes() / 1e6 / (hashed - listed),
        totals.endedFiles() / hashed,
        memory());
    share.end();
  }

  private static List<String> memory() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
        .toList();
  }
}
