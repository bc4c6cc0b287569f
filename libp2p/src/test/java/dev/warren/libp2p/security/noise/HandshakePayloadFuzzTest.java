package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;

class HandshakePayloadFuzzTest {
  @FuzzTest
  void decode(byte[] bytes) throws HandshakeException {
    HandshakePayload payload;
    try {
      payload = HandshakePayload.decode(bytes);
    } catch (HandshakeException e) {
      assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
      return;
    }
    assertThat(HandshakePayload.decode(payload.encode())).isEqualTo(payload);
  }
}
