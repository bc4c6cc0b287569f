package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReceiveBufferTest {

  @Property
  void givesBackWhatItWasGivenInOrder(
      @ForAll @Size(max = 100) List<@IntRange(min = -5_000, max = 5_000) Integer> steps) {
    ReceiveBuffer buffer = new ReceiveBuffer();
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte next = 0;
    for (int step : steps) {
      byte[] bytes = new byte[Math.abs(step) + 1];
      if (step >= 0) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = next++;
        }
        buffer.append(bytes, 1, step);
        in.write(bytes, 1, step);
      } else {
        int n = buffer.read(bytes, 1, -step);
        out.write(bytes, 1, n);
      }
      assertThat(buffer.size()).isEqualTo(in.size() - out.size());
      assertThat(buffer.isEmpty()).isEqualTo(in.size() == out.size());
    }
    byte[] rest = new byte[buffer.size()];
    out.write(rest, 0, buffer.read(rest, 0, rest.length));
    assertThat(out.toByteArray()).isEqualTo(in.toByteArray());
    assertThat(buffer.capacity()).isZero();
  }

  @Property(tries = 20)
  void keepsAFewTimesOfWhatItHoldsHoweverSmallThePieces(
      @ForAll @IntRange(min = 1, max = 3) int piece) {
    ReceiveBuffer buffer = new ReceiveBuffer();
    for (int i = 0; i < 100_000; i += piece) {
      buffer.append(new byte[piece], 0, piece);
      assertThat(buffer.capacity()).isLessThanOrEqualTo(2 * buffer.size() + 256);
    }
  }
}
