package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {

  /** A stream's bytes, as they went in and as they came out. */
  private static final class Flow {
    final ReceiveBuffer buffer;
    final ByteArrayOutputStream in = new ByteArrayOutputStream();
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Flow(SpareBlocks spares) {
      buffer = new ReceiveBuffer(spares);
    }

    void append(byte[] bytes, int length) {
      buffer.append(bytes, 1, length);
      in.write(bytes, 1, length);
    }

    void read(byte[] bytes, int length) {
      int n = buffer.read(bytes, 1, length);
      out.write(bytes, 1, n);
    }
  }

  @Property(tries = 200)
  void givesBackWhatItWasGivenInOrderAndNothingOfAnother(
      @ForAll @Size(max = 50) List<@IntRange(min = -140_000, max = 140_000) Integer> steps) {
    SpareBlocks spares = new SpareBlocks();
    List<Flow> flows = List.of(new Flow(spares), new Flow(spares));
    Random random = new Random(steps.hashCode());
    for (int step : steps) {
      Flow flow = flows.get(step & 1);
      byte[] bytes = new byte[Math.abs(step) + 1];
      if (step >= 0) {
        random.nextBytes(bytes);
        flow.append(bytes, step);
      } else {
        flow.read(bytes, -step);
      }
      assertThat(flow.buffer.size()).isEqualTo(flow.in.size() - flow.out.size());
      assertThat(flow.buffer.isEmpty()).isEqualTo(flow.in.size() == flow.out.size());
      assertThat(flow.buffer.capacity())
          .isLessThanOrEqualTo(2 * flow.buffer.size() + 2 * SpareBlocks.BLOCK_BYTES + 140_000);
    }
    for (Flow flow : flows) {
      int rest = flow.buffer.size();
      flow.read(new byte[rest + 1], rest);
      assertThat(flow.out.toByteArray()).isEqualTo(flow.in.toByteArray());
      assertThat(flow.buffer.capacity()).isZero();
    }
  }

  @Test
  void usesABlockAgainOnceItHasBeenRead() {
    SpareBlocks spares = new SpareBlocks();
    ReceiveBuffer buffer = new ReceiveBuffer(spares);
    byte[] block = spares.take(SpareBlocks.BLOCK_BYTES);
    spares.giveBack(block);
    buffer.append(new byte[60_000], 0, 60_000);
    buffer.read(new byte[59_999], 0, 59_999);
    assertThat(spares.take(SpareBlocks.BLOCK_BYTES)).isNotSameAs(block);

    buffer.read(new byte[1], 0, 1);
    assertThat(spares.take(SpareBlocks.BLOCK_BYTES)).isSameAs(block);
  }

  @Test
  void keepsNoMoreSpareBlocksThanItsLimit() {
    SpareBlocks spares = new SpareBlocks();
    Set<byte[]> given = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i <= SpareBlocks.MAX_SPARE; i++) {
      byte[] block = new byte[SpareBlocks.BLOCK_BYTES];
      given.add(block);
      spares.giveBack(block);
    }
    for (int i = 0; i < SpareBlocks.MAX_SPARE; i++) {
      assertThat(given.remove(spares.take(SpareBlocks.BLOCK_BYTES))).isTrue();
    }
    assertThat(given.remove(spares.take(SpareBlocks.BLOCK_BYTES))).isFalse();
  }

  @Property(tries = 20)
  void keepsAFewTimesOfWhatItHoldsHoweverSmallThePieces(
      @ForAll @IntRange(min = 1, max = 3) int piece) {
    ReceiveBuffer buffer = new ReceiveBuffer(new SpareBlocks());
    for (int i = 0; i < 100_000; i += piece) {
      buffer.append(new byte[piece], 0, piece);
      assertThat(buffer.capacity()).isLessThanOrEqualTo(2 * buffer.size() + 256);
    }
  }
}
