package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.Cipher;

class ContentFuzzTest {
  private static final byte[] KEY = new byte[32];

  /** The plain content is fuzzed: what is not sealed with the key gets no further than its tag. */
  @FuzzTest
  void boxesAreOpenedWithinTheirBoundsOrRefused(byte[] plain) throws Exception {
    if (plain.length > BoxLayout.MAX_PLAIN_BYTES) {
      return;
    }
    BoxOpener opener = new BoxOpener(KEY);
    int sealed =
        new BoxCipher(Cipher.ENCRYPT_MODE, KEY, 0)
            .apply(plain, 0, plain.length, opener.sealed(), 0);
    int read = 0;
    try {
      opener.open(sealed);
      while (opener.next()) {
        read += BoxLayout.LENGTH_BYTES + opener.length();
        assertThat(opener.offset() + opener.length()).isEqualTo(read);
        assertThat(opener.length() > 0).isNotEqualTo(opener.reason() > 0);
        assertThat(
                Arrays.equals(
                    opener.array(),
                    read - opener.length(),
                    read,
                    plain,
                    read - opener.length(),
                    read))
            .isTrue();
      }
      assertThat(read).isEqualTo(plain.length);
    } catch (BoxException e) {
      assertThat(read).isLessThanOrEqualTo(plain.length);
    }
  }

  @FuzzTest
  void summariesAreReadOrRefused(FuzzedDataProvider data) {
    ChunkHash hash = ChunkHash.of(Arrays.copyOf(data.consumeBytes(32), 32));
    byte[] bytes = data.consumeRemainingAsBytes();
    try {
      ChunkSummary summary = ChunkSummary.parse(bytes);
      assertThat(summary.toBytes()).isEqualTo(bytes);
      assertThat(summary.speaksOf(hash) || summary.mayContain(hash)).isTrue();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("a summary of ");
    }
  }

  @FuzzTest
  void bitmapsAreKeptAsTheyAre(byte[] bitmap) {
    GrowingChunkSet set = GrowingChunkSet.ofBitmap(bitmap);
    byte[] kept = set.toBitmap();
    assertThat(ByteBuffer.wrap(bitmap).slice(0, kept.length)).isEqualTo(ByteBuffer.wrap(kept));
    for (int i = kept.length; i < bitmap.length; i++) {
      assertThat(bitmap[i]).isZero();
    }
  }
}
