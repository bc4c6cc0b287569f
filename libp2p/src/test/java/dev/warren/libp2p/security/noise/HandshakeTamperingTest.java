package dev.warren.libp2p.security.noise;

import static dev.warren.libp2p.security.noise.ScriptedPeer.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.transport.SecureChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message of a handshake, damaged in every way, each time against a fresh peer. */
class HandshakeTamperingTest {
  private static final Noise NOISE =
      new Noise(PrivateKey.generate(KeyType.ED25519), List.of("/yamux/1.0.0"));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aChangeOfAnyByteOfAMessageIsNoticed(int message) {
    int length = frameLength(message);
    for (int at = 0; at < length; at++) {
      int position = at;
      UnaryOperator<byte[]> flip =
          frame -> {
            byte[] changed = frame.clone();
            changed[position] ^= (byte) (1 << position % 8);
            return changed;
          };
      assertThat(failure(message, flip).reason())
          .as("byte %d of message %d", at, message)
          .isIn(Reason.CRYPTO, Reason.MALFORMED, Reason.CLOSED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aMessageThatEndsAnywhereBeforeItsEndIsNoticed(int message) {
    int length = frameLength(message);
    for (int end = 0; end < length; end++) {
      int kept = end;
      assertThat(failure(message, frame -> Arrays.copyOf(frame, kept)).reason())
          .as("message %d cut after %d bytes", message, end)
          .isEqualTo(Reason.CLOSED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aMessageThatIsShorterAndSaysSoIsNoticed(int message) {
    int length = frameLength(message) - 2;
    for (int end = 0; end < length; end++) {
      int kept = end;
      assertThat(failure(message, frame -> reframed(frame, kept)).reason())
          .as("message %d of %d bytes", message, end)
          .isIn(Reason.CRYPTO, Reason.MALFORMED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void garbageAtTheEndOfAMessageIsNoticed(int message) {
    int length = frameLength(message) - 2;
    for (int more : new int[] {1, 16, 1000}) {
      assertThat(failure(message, frame -> reframed(frame, length + more)).reason())
          .isIn(Reason.CRYPTO, Reason.MALFORMED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anOversizedMessageIsRefusedByItsLengthAlone(int message) {
    for (int length : new int[] {HandshakeFrames.MAX_MESSAGE_BYTES + 1, 0xffff}) {
      byte[] prefixOnly = {(byte) (length >>> 8), (byte) length};
      HandshakeException e = failure(message, frame -> prefixOnly);
      assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
      assertThat(e).hasMessageContaining(Integer.toString(length));
    }
  }

  @Test
  void aKeyThatWouldMakeTheSecretKnownIsRefused() {
    UnaryOperator<byte[]> zeroKey =
        frame -> {
          byte[] changed = frame.clone();
          Arrays.fill(changed, 2, 34, (byte) 0);
          return changed;
        };
    for (int message : new int[] {0, 1}) {
      assertThat(failure(message, zeroKey).reason()).isEqualTo(Reason.CRYPTO);
    }
  }

  /** Damages one message of the scripted peer and returns what became of it. */
  private static HandshakeException failure(int message, UnaryOperator<byte[]> change) {
    HandshakeException e =
        catchThrowableOfType(HandshakeException.class, () -> run(message, change));
    assertThat(e).as("the handshake fails").isNotNull();
    return e;
  }

  private static int frameLength(int message) {
    int[] length = new int[1];
    try {
      SecureChannel channel =
          run(
              message,
              frame -> {
                length[0] = frame.length;
                return frame;
              });
      assertThat(channel.remotePeer()).isEqualTo(IDENTITY.peerId());
    } catch (HandshakeException e) {
      throw new AssertionError("undamaged, it succeeds", e);
    }
    return length[0];
  }

  private static SecureChannel run(int message, UnaryOperator<byte[]> change)
      throws HandshakeException {
    ScriptedPeer peer =
        new ScriptedPeer(message != 1)
            .changing((turn, frame) -> turn == message ? change.apply(frame) : frame);
    return message == 1
        ? NOISE.secureOutbound(peer, Optional.of(IDENTITY.peerId()))
        : NOISE.secureInbound(peer);
  }

  private static byte[] reframed(byte[] frame, int length) {
    byte[] message = Arrays.copyOfRange(frame, 2, 2 + length);
    return ScriptedPeer.frame(message);
  }
}
