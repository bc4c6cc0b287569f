package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

class FrameHeaderFuzzTest {
  @FuzzTest
  void headersAreReadOrRefused(byte[] input) {
    if (input.length < FrameHeader.BYTES) {
      return;
    }
    FrameHeader header;
    try {
      header = FrameHeader.decode(input, 0);
    } catch (YamuxViolationException refused) {
      assertThat(refused.violation()).isNotNull();
      return;
    }
    byte[] again = new byte[FrameHeader.BYTES];
    FrameHeader.encode(again, 0, header.type(), header.flags(), header.streamId(), header.length());
    assertThat(again).isEqualTo(Arrays.copyOf(input, FrameHeader.BYTES));
  }
}
