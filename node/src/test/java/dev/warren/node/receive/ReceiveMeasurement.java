package dev.warren.node.receive;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.ManifestBuilder;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.manifest.SegmentSigner;
import dev.warren.protocols.transfer.manifest.SegmentSink;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What it takes to receive very many small files, all but the network. To be run by hand, with the
 * number of files and a directory: {@code java -Xmx64m ... 100000 /tmp/x}.
 */
final class ReceiveMeasurement {
  private static final int FILE_BYTES = 4096;
  private static final int BATCH = 256;

  private ReceiveMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    int files = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]);
    var data = new DataDirectory(directory.resolve("data")).create();
    try (NodeDatabase node = NodeDatabase.open(data, InstantSource.system(), 1 << 20);
        ShareDatabase database = ShareDatabase.open(data.transfer(1))) {
      var local = new KnownContent(node.hashes(), node.knownChunks(), InstantSource.system());
      PrivateKey sharer = PrivateKey.generate(KeyType.ED25519);
      ReceivedShare share = open(database, directory, local);
      List<SignedSegment> content = new ArrayList<>();
      var reader = new ManifestReader();
      measure(
          "list",
          files,
          () ->
              make(
                  files,
                  new SegmentSigner(sharer, new ShareId("MEASURED")),
                  signed -> {
                    if (reader.listingComplete()) {
                      content.add(signed);
                    } else {
                      share.add(signed, reader.read(signed));
                    }
                  }));
      measure(
          "plan",
          files,
          () -> {
            ListingPlan.of(share, "measured", "", sharer.peerId(), _ -> true, Optional.empty())
                .accept(ConflictPolicy.RENAME, _ -> {});
            share.begin();
          });
      measure(
          "add",
          files,
          () -> {
            for (SignedSegment signed : content) {
              share.add(signed, reader.read(signed));
            }
          });
      measure("write", files, () -> write(share, files * 9 / 10));
      measure("close", files, share::close);
      ReceivedShare again = measured("resume", files, () -> open(database, directory, local));
      measure("rest", files, () -> write(again, files));
      measure("finish", files, again::finish);
      again.close();
    }
  }

  private static ReceivedShare open(ShareDatabase database, Path directory, LocalContent local)
      throws IOException {
    return new ReceivedShare(
        database, directory.resolve("got"), "MEASURED", local, TimeSource.system());
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void measure(String what, int files, Action action) throws IOException {
    var _ =
        measured(
            what,
            files,
            () -> {
              action.run();
              return "";
            });
  }

  private static <T> T measured(String what, int files, Step<T> step) throws IOException {
    long start = System.nanoTime();
    Duration before = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    T result = step.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    Duration after = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    System.out.printf(
        "%-7s %6.2f s, %6.2f us of CPU each, %s%n",
        what,
        seconds,
        after.minus(before).toNanos() / 1e3 / files,
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
            .toList());
    return result;
  }

  private static byte[] content(int file) {
    return ByteBuffer.allocate(FILE_BYTES).putInt(file + 1).array();
  }

  private static void make(int files, SegmentSigner signer, SegmentSink sink) throws IOException {
    var builder = new ManifestBuilder(signer, sink);
    for (int i = 0; i < files; i++) {
      String path = "world/region-%03d/chunk-%04d/file-%07d.dat".formatted(i / 10_000, i / 1000, i);
      builder.add(new Entry.File(EntryPath.parse(path), FILE_BYTES, i, false));
    }
    builder.endListing();
    for (int i = 0; i < files; i++) {
      Chunk chunk = new Chunk(ChunkHash.of(Verification.sha256().digest(content(i))), FILE_BYTES);
      builder.add(
          new FilePart(
              i,
              List.of(new FilePart.Fresh(chunk)),
              Optional.of(new FilePart.Complete(FILE_BYTES, i))));
    }
    builder.end();
  }

  private static void write(ReceivedShare share, int files) throws IOException {
    for (int first = 0; first < files; first += BATCH) {
      int[] batch =
          IntStream.range(first, Math.min(first + BATCH, files))
              .filter(ordinal -> !share.isDone(ordinal))
              .toArray();
      for (int ordinal : share.reuse(batch)) {
        share.write(ordinal, content(ordinal), 0, FILE_BYTES);
      }
    }
  }
}
