package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class YamuxFlowControlTest {

  /**
   * Whatever the sizes of writes, reads and the channel: every byte arrives, in order, and neither
   * end catches the other sending more than a window.
   */
  @Property(tries = 40)
  void bringsEveryByteThroughWhateverTheSizes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int streams,
      @ForAll @IntRange(min = 16, max = 200_000) int capacity)
      throws Exception {
    try (Ends ends = new Ends(YamuxSettings.defaults(), capacity, Ends::echo)) {
      List<CompletableFuture<Void>> done = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        MuxedStream stream = ends.dialer.openStream();
        Random sizes = new Random(seed + i);
        int total = sizes.nextInt(900_000);
        byte mark = (byte) i;
        done.add(Background.run(() -> writeInPieces(stream, total, mark, new Random(seed))));
        done.add(Background.run(() -> readInPieces(stream, total, mark, sizes)));
      }
      for (CompletableFuture<Void> one : done) {
        one.get();
      }
      assertThat(ends.failed).isNotDone();
      assertThat(ends.dialer.streamCount()).isZero();
    }
  }

  private static void writeInPieces(MuxedStream stream, int total, byte mark, Random sizes)
      throws IOException {
    for (int done = 0; done < total; ) {
      byte[] piece = new byte[Math.min(total - done, 1 + sizes.nextInt(1 << sizes.nextInt(18)))];
      for (int i = 0; i < piece.length; i++) {
        piece[i] = (byte) (mark + (done + i) * 31);
      }
      stream.write(piece);
      done += piece.length;
    }
    stream.closeWrite();
  }

  private static void readInPieces(MuxedStream stream, int total, byte mark, Random sizes)
      throws IOException {
    int done = 0;
    byte[] piece = new byte[1 << 18];
    for (int n = 0; n >= 0; n = stream.read(piece, 0, 1 + sizes.nextInt(1 << sizes.nextInt(18)))) {
      for (int i = 0; i < n; i++) {
        if (piece[i] != (byte) (mark + (done + i) * 31)) {
          throw new AssertionError("byte " + (done + i) + " is wrong");
        }
      }
      done += n;
    }
    assertThat(done).isEqualTo(total);
  }
}
