package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, MIB - 1, MIB, 4 * MIB, 4 * MIB + 1, 13 * MIB + 17})
  void chunksAreCutHashedAndGivenWithTheirBytes(int length) throws IOException {
    byte[] content = ChunkerTest.random(length, length);
    ChunkReader reader = new ChunkReader(in(content));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    List<Integer> lengths = new ArrayList<>();
    while (reader.next()) {
      assertThat(reader.position()).isEqualTo(all.size());
      byte[] bytes =
          Arrays.copyOfRange(reader.array(), reader.offset(), reader.offset() + reader.length());
      all.write(bytes);
      lengths.add(reader.length());
      assertThat(reader.chunk())
          .isEqualTo(new Chunk(ChunkHash.of(Sha256.digest().digest(bytes)), bytes.length));
    }
    assertThat(all.toByteArray()).isEqualTo(content);
    assertThat(lengths).isEqualTo(ChunkerTest.lengths(content));
    assertThat(reader.next()).isFalse();
  }

  @Test
  void chunksDoNotDependOnHowTheContentArrives() throws IOException {
    byte[] content = ChunkerTest.random(1, 9 * MIB);
    assertThat(chunks(new ChunkReader(trickling(content))))
        .isEqualTo(chunks(new ChunkReader(in(content))));
  }

  @Test
  void zerosAreFoundWithoutBeingHashedAndHaveTheHashOfZeros() throws IOException {
    byte[] content = new byte[10 * MIB + 100];
    content[content.length - 1] = 1;
    ChunkReader reader = new ChunkReader(in(content));
    for (int i = 0; i < 10; i++) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.zeros()).isTrue();
      assertThat(reader.chunk()).isSameAs(Chunk.ZEROS);
    }
    assertThat(reader.next()).isTrue();
    assertThat(reader.zeros()).isFalse();
    assertThat(reader.length()).isEqualTo(100);
    assertThat(reader.next()).isFalse();
    assertThat(Chunk.ZEROS.hash())
        .hasToString("30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58");
  }

  @Test
  void oneReaderReadsOneFileAfterTheOther() throws IOException {
    ChunkReader reader = new ChunkReader(in(ChunkerTest.random(1, 3 * MIB)));
    assertThat(reader.next()).isTrue();
    for (int seed = 2; seed < 5; seed++) {
      byte[] content = ChunkerTest.random(seed, 2 * MIB);
      reader.open(in(content));
      assertThat(chunks(reader)).isEqualTo(chunks(new ChunkReader(in(content))));
    }
  }

  private static List<Chunk> chunks(ChunkReader reader) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    while (reader.next()) {
      chunks.add(reader.chunk());
    }
    return chunks;
  }

  private static ReadableByteChannel in(byte[] content) {
    return Channels.newChannel(new ByteArrayInputStream(content));
  }

  /** Gives a few bytes at a time, and sometimes none. */
  private static ReadableByteChannel trickling(byte[] content) {
    Random random = new Random(2);
    ByteBuffer left = ByteBuffer.wrap(content);
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer into) {
        if (!left.hasRemaining()) {
          return -1;
        }
        int n = Math.min(Math.min(into.remaining(), left.remaining()), random.nextInt(100_000));
        into.put(left.slice(left.position(), n));
        left.position(left.position() + n);
        return n;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }
}
