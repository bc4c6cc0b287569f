package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.node.receive.LocalContent.KnownFile;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.NodeDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownContentTest {
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir private Path directory;

  private final byte[] content = new byte[3_000_000];
  private final AtomicLong hashed = new AtomicLong();
  private NodeDatabase database;
  private KnownContent known;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(content);
    database =
        NodeDatabase.open(
            new DataDirectory(directory.resolve("data")).create(), InstantSource.system(), 1 << 20);
    known = new KnownContent(database.hashes(), database.knownChunks(), InstantSource.system());
    file = directory.resolve("file");
    write(content);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aFileIsReadOnceAndAgainWhenItHasChanged() throws Exception {
    assertThat(look()).isEqualTo(chunks());
    assertThat(look()).isEqualTo(chunks());
    assertThat(hashed).hasValue(content.length);
    content[100]++;
    write(content);
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.plusSeconds(1)));
    assertThat(look()).isEqualTo(chunks());
    assertThat(hashed).hasValue(2L * content.length);
  }

  @Test
  void aFileThatWasChangedAMomentAgoMayChangeUnseenAndIsNotKnown() throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    assertThat(known.look(file, hashed::addAndGet)).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNotKnown() throws Exception {
    assertThat(known.look(directory.resolve("nothing"), _ -> {})).isEmpty();
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThat(known.look(link, _ -> {})).isEmpty();
  }

  @Test
  void chunksOfAFileThatWasLearntAreFoundWithoutItsBeingRead() throws Exception {
    known.learn(file, FileStamp.of(file), chunks().iterator());
    known.flush();
    assertThat(look()).isEqualTo(chunks());
    assertThat(hashed).hasValue(0);
    byte[] into = new byte[Chunk.MAX_BYTES];
    LocalContent.Places places = known.find(chunks());
    int offset = 0;
    for (Chunk chunk : chunks()) {
      assertThat(places.read(chunk, into)).isTrue();
      assertThat(Arrays.mismatch(into, 0, chunk.length(), content, offset, offset + chunk.length()))
          .isNegative();
      offset += chunk.length();
    }
  }

  @Test
  void aChunkThatWasThereAndIsNotAnyMoreIsNotRead() throws Exception {
    assertThat(look()).hasSizeGreaterThan(2);
    content[0]++;
    write(content);
    byte[] into = new byte[Chunk.MAX_BYTES];
    content[0]--;
    assertThat(known.find(chunks()).read(chunks().getFirst(), into)).isFalse();
    Files.delete(file);
    assertThat(known.find(chunks()).read(chunks().getLast(), into)).isFalse();
  }

  @Test
  void zerosAreKnownEverywhere() throws Exception {
    byte[] into = new byte[Chunk.MAX_BYTES];
    Arrays.fill(into, (byte) 1);
    assertThat(known.find(List.of(Chunk.ZEROS)).read(Chunk.ZEROS, into)).isTrue();
    assertThat(into).containsOnly(0);
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
  }

  private List<Chunk> look() throws IOException {
    Optional<KnownFile> found = known.look(file, hashed::addAndGet);
    List<Chunk> chunks = new ArrayList<>();
    Iterator<Chunk> all = found.orElseThrow().chunks();
    all.forEachRemaining(chunks::add);
    return chunks;
  }

  private List<Chunk> chunks() throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    var reader = new ChunkReader(Channels.newChannel(new ByteArrayInputStream(content)));
    while (reader.next()) {
      chunks.add(reader.chunk());
    }
    return chunks;
  }
}
