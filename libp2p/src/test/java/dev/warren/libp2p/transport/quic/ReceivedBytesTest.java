package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedBytesTest {
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
  private final ReceivedBytes received = new ReceivedBytes();

  @AfterEach
  void nothingIsLeft() {
    received.clear();
    assertThat(memory.metric().usedDirectMemory()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 511, 512, 513, 1_000, 1_024, 30_000, 40_000, 65_536})
  void whateverThePiecesTheyTakeLittleMoreThanTheirSize(int piece) {
    for (int i = 0; i < 1_000; i++) {
      received.add(piece(piece, Math.max(piece, i % 2 == 0 ? 1 << 10 : 64 << 10)));
    }
    assertThat(received.size()).isEqualTo(1_000 * piece);
    assertThat(memory.metric().usedDirectMemory()).isLessThanOrEqualTo(2_000L * piece + (1 << 10));
  }

  @Test
  void whatIsTakenIsWhatCameInItsOrder() {
    var random = new Random(1);
    byte next = 0;
    byte expected = 0;
    for (int i = 0; i < 10_000; i++) {
      int length = 1 + random.nextInt(2_000);
      ByteBuf bytes = memory.directBuffer(Math.max(length, 1 << random.nextInt(17)));
      for (int j = 0; j < length; j++) {
        bytes.writeByte(next++);
      }
      received.add(bytes);
      byte[] taken = new byte[random.nextInt(2_500)];
      int n = received.take(taken, 0, taken.length);
      for (int j = 0; j < n; j++) {
        assertThat(taken[j]).isEqualTo(expected++);
      }
    }
    assertThat(received.size()).isLessThan(1 << 24);
  }

  @Test
  void whatMovesToTheHeapHoldsNoOtherMemoryAndIsTheSame() {
    received.moveToHeap();
    received.add(piece(5, 5).setByte(4, 7));
    received.add(piece(2_000, 2_000));
    received.moveToHeap();
    assertThat(memory.metric().usedDirectMemory()).isZero();
    byte[] taken = new byte[3_000];
    assertThat(received.take(taken, 0, taken.length)).isEqualTo(2_005);
    assertThat(taken[4]).isEqualTo((byte) 7);
    assertThat(received.size()).isZero();
  }

  private ByteBuf piece(int length, int capacity) {
    return memory.directBuffer(capacity).writeZero(length);
  }
}
