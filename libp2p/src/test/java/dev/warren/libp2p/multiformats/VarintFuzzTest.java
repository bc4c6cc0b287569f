package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

class VarintFuzzTest {
  @FuzzTest
  void bytes(byte[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(data);
    long value;
    try {
      value = Varint.read(buffer);
    } catch (MalformedException e) {
      assertThat(buffer.position()).isZero();
      assertThatThrownBy(() -> Varint.read(new ByteArrayInputStream(data)))
          .isInstanceOfAny(MalformedException.class, IOException.class);
      return;
    }
    assertThat(value).isNotNegative();
    assertThat(Varint.encode(value)).isEqualTo(Arrays.copyOf(data, buffer.position()));
    assertThat(Varint.read(new ByteArrayInputStream(data))).isEqualTo(value);
  }
}
