package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.ManifestBuilder;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.manifest.SegmentSigner;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.sharecodes.ShareId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkWindowsTest {
  private static final int PLACES = 10_000;

  @TempDir private Path directory;

  @Test
  void aChunkWithPlacesByTheThousandIsInEachOfThem() throws Exception {
    try (ShareDatabase database = ShareDatabase.open(directory.resolve("share.db"))) {
      var reader = new ManifestReader();
      var builder =
          new ManifestBuilder(
              new SegmentSigner(PrivateKey.generate(KeyType.ED25519), new ShareId("TEST")),
              signed -> database.add(signed, reader.read(signed)));
      long size = (long) PLACES * Chunk.MAX_BYTES;
      builder.add(new Entry.File(EntryPath.parse("sparse"), size, 0, false));
      builder.endListing();
      List<FilePart.Piece> pieces = new ArrayList<>();
      pieces.add(new FilePart.Fresh(Chunk.ZEROS));
      for (int i = 1; i < PLACES; i++) {
        pieces.add(new FilePart.Known(0));
      }
      builder.add(new FilePart(0, pieces, Optional.of(new FilePart.Complete(size, 0))));
      builder.end();

      List<Long> offsets = new ArrayList<>();
      var windows = new ChunkWindows(database);
      windows.forEach(0, spot -> offsets.add(spot.offset()));
      assertThat(offsets).hasSize(PLACES).doesNotHaveDuplicates();
      assertThat(windows.chunk(0)).contains(Chunk.ZEROS);
      assertThat(windows.chunk(1)).isEmpty();
    }
  }
}
