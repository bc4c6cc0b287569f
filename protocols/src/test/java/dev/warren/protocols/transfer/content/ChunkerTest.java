package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {
  private static final int MIB = 1 << 20;

  /** Computed by a program of ten lines in another language, from docs/protocols/transfer.md. */
  @Test
  void contentIsCutAsItAlwaysWas() {
    assertThat(lengths(random(1, 4 * MIB)))
        .as("a change here makes shares of new and old versions have no chunk in common")
        .containsExactly(
            299283, 189132, 71740, 489076, 400529, 249902, 141504, 258842, 234282, 71516, 237849,
            322994, 339622, 156325, 330680, 243037, 91834, 66157);
  }

  @Property(tries = 30)
  void chunksAreTheContentAndKeepToTheBounds(
      @ForAll long seed, @ForAll @IntRange(max = 5 * MIB) int length) {
    byte[] content = random(seed, length);
    List<Integer> lengths = lengths(content);
    assertThat(lengths.stream().mapToInt(i -> i).sum()).isEqualTo(length);
    for (int i = 0; i < lengths.size(); i++) {
      boolean last = i == lengths.size() - 1;
      assertThat(lengths.get(i)).isBetween(last ? 1 : Chunker.MIN_BYTES, Chunk.MAX_BYTES);
    }
  }

  @Property(tries = 20)
  void whereAChunkEndsDependsOnNothingButItsContent(
      @ForAll long seed, @ForAll @IntRange(max = 1000) int offset) {
    byte[] content = random(seed, 2 * MIB);
    byte[] moved = new byte[offset + content.length + 7];
    new Random(seed + 1).nextBytes(moved);
    System.arraycopy(content, 0, moved, offset, content.length);
    int cut = Chunker.cut(content, 0, content.length);
    assertThat(Chunker.cut(moved, offset, content.length)).isEqualTo(cut);
    if (cut < Chunk.MAX_BYTES) {
      assertThat(Chunker.cut(content, 0, cut)).isEqualTo(cut);
    }
  }

  @Test
  void lengthsAreNearTheAverage() {
    List<Integer> lengths = lengths(random(7, 256 * MIB));
    double average = 256.0 * MIB / lengths.size();
    assertThat(average).isBetween(240.0 * 1024, 272.0 * 1024);
    assertThat(lengths).filteredOn(length -> length == Chunk.MAX_BYTES).hasSizeLessThan(10);
  }

  @Test
  void aChangeMovesItselfAndLittleMore() {
    byte[] content = random(3, 64 * MIB);
    Random random = new Random(4);
    int moved = 0;
    int rounds = 20;
    for (int round = 0; round < rounds; round++) {
      byte[] changed = content.clone();
      int at = random.nextInt(63 * MIB);
      byte[] change = random(round, MIB);
      System.arraycopy(change, 0, changed, at, MIB);
      int fresh = freshBytes(content, changed);
      assertThat(fresh).isLessThan(4 * MIB);
      moved += fresh;
    }
    assertThat(moved / rounds).isLessThan(1600 << 10);
  }

  @Test
  void aByteMoreAtTheBeginningMovesOneChunk() {
    byte[] content = random(5, 16 * MIB);
    byte[] longer = new byte[content.length + 1];
    System.arraycopy(content, 0, longer, 1, content.length);
    assertThat(freshBytes(content, longer)).isLessThan(2 * MIB);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, Chunker.MIN_BYTES - 1, Chunker.MIN_BYTES})
  void shortContentIsOneChunk(int length) {
    assertThat(Chunker.cut(random(1, length), 0, length)).isEqualTo(length);
  }

  @Test
  void zerosAreChunksOfTheGreatestLengthWhereverTheyBegin() {
    byte[] content = random(9, 8 * MIB + 12_345);
    Arrays.fill(content, MIB + 777, 6 * MIB + 777, (byte) 0);
    List<Integer> lengths = lengths(content);
    int position = 0;
    int zeros = 0;
    for (int length : lengths) {
      zeros += Chunker.isZeros(content, position, content.length - position) ? 1 : 0;
      position += length;
    }
    assertThat(zeros).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0x20, 0xff})
  void oneByteRepeatedIsCutIntoTheLongestChunks(int b) {
    byte[] content = new byte[3 * MIB + 5];
    Arrays.fill(content, (byte) b);
    assertThat(lengths(content)).containsExactly(MIB, MIB, MIB, 5);
  }

  static List<Integer> lengths(byte[] content) {
    List<Integer> lengths = new ArrayList<>();
    for (int at = 0; at < content.length; at += lengths.getLast()) {
      lengths.add(Chunker.cut(content, at, content.length - at));
    }
    return lengths;
  }

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static int freshBytes(byte[] before, byte[] after) {
    Set<ChunkHash> known = new HashSet<>();
    chunks(before).forEach(chunk -> known.add(chunk.hash()));
    return chunks(after).stream()
        .filter(chunk -> !known.contains(chunk.hash()))
        .mapToInt(Chunk::length)
        .sum();
  }

  private static List<Chunk> chunks(byte[] content) {
    List<Chunk> chunks = new ArrayList<>();
    int at = 0;
    for (int length : lengths(content)) {
      byte[] hash = Sha256.digest().digest(Arrays.copyOfRange(content, at, at + length));
      chunks.add(new Chunk(ChunkHash.of(hash), length));
      at += length;
    }
    return chunks;
  }
}
