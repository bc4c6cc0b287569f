package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.transport.Duplex;
import java.util.List;
import java.util.Optional;

/** Nothing that a peer says may end in anything but a typed failure. */
class NoiseFuzzTest {
  private static final Noise NOISE =
      new Noise(PrivateKey.generate(KeyType.ED25519), List.of("/yamux/1.0.0"));

  @FuzzTest
  void respondToAnyBytes(byte[] bytes) {
    assertThatExceptionOfType(HandshakeException.class)
        .isThrownBy(() -> NOISE.secureInbound(new Speaker(bytes)));
  }

  @FuzzTest
  void initiateTowardsAnyBytes(byte[] bytes) {
    assertThatExceptionOfType(HandshakeException.class)
        .isThrownBy(() -> NOISE.secureOutbound(new Speaker(bytes), Optional.empty()));
  }

  /** Past the encryption: the peer keeps to Noise, but its payload is anything. */
  @FuzzTest
  void respondToAnyPayload(byte[] payload) {
    assertThatExceptionOfType(HandshakeException.class)
        .isThrownBy(() -> NOISE.secureInbound(new ScriptedPeer(true).saying(payload)));
  }

  private static final class Speaker implements Duplex {
    private final byte[] bytes;
    private int at;

    Speaker(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int n = Math.min(length, bytes.length - at);
      System.arraycopy(bytes, at, buffer, offset, n);
      at += n;
      return n == 0 ? -1 : n;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {}

    @Override
    public void closeWrite() {}

    @Override
    public void close() {}
  }
}
