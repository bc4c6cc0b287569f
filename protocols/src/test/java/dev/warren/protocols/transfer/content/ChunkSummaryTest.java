package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSummaryTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 1000, 3276, 3277, 50_000})
  void saysWhatAPeerHasAndSeldomWhatItHasNot(int count) {
    ChunkSummary.Builder builder = ChunkSummary.expecting(count);
    hashes(0, count).forEach(builder::add);
    ChunkSummary summary = ChunkSummary.parse(builder.build().toBytes());

    assertThat(summary.toBytes()).hasSizeLessThanOrEqualTo(ChunkSummary.MAX_BYTES);
    assertThat(hashes(0, count)).allMatch(summary::mayContain);
    List<ChunkHash> others = hashes(100_000, 100_000).filter(summary::speaksOf).toList();
    assertThat(others).hasSizeGreaterThan(2000);
    assertThat(others.stream().filter(summary::mayContain).count())
        .isLessThan(Math.max(others.size() / 30, count == 1 ? 20_000 : 0));
  }

  @Test
  void isLaidOutAsSpecified() {
    ChunkHash hash =
        ChunkHash.of(
            HexFormat.of()
                .parseHex("00000000" + "80000000" + "c0000000" + "ffffffff" + "01".repeat(16)));
    // Ten bits for each of three chunks make four bytes of filter: bits 0, 16, 24 and 31.
    assertThat(ChunkSummary.expecting(3).add(hash).build().toBytes())
        .isEqualTo(HexFormat.of().parseHex("00" + "01000181"));
  }

  @Test
  void speaksOfASampleOfALargeShare() {
    ChunkSummary summary = ChunkSummary.expecting(1_000_000).build();
    assertThat(summary.toBytes()[0]).isEqualTo((byte) 9);
    assertThat(hashes(0, 51_200).filter(summary::speaksOf).count()).isBetween(60L, 140L);
    assertThat(hashes(0, 1000).filter(h -> !summary.speaksOf(h))).allMatch(summary::mayContain);
    assertThat(ChunkSummary.expecting(Long.MAX_VALUE / 100).build().toBytes()).hasSize(4096);
  }

  @Test
  void othersThanSummariesAreRefused() {
    for (byte[] bytes :
        List.of(new byte[0], new byte[1], new byte[4097], new byte[] {-1, 0}, new byte[] {27, 0})) {
      assertThatIllegalArgumentException().isThrownBy(() -> ChunkSummary.parse(bytes));
    }
  }

  private static Stream<ChunkHash> hashes(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(
            i -> ChunkHash.of(Sha256.digest().digest(ByteBuffer.allocate(4).putInt(i).array())));
  }
}
