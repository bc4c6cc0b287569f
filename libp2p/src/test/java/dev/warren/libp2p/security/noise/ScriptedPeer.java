package dev.warren.libp2p.security.noise;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.transport.Duplex;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A peer that speaks when it is read from, all in the reader's thread, and whose frames a test may
 * change on their way. When it has nothing more to say, or does not understand, it closes.
 */
final class ScriptedPeer implements Duplex {
  static final PrivateKey IDENTITY = PrivateKey.generate(KeyType.ED25519);
  private static final byte[] NOTHING = {};

  // Shared by all, since making and signing one is most of the time that a test takes.
  private static final KeyPair25519 STATIC_KEY = KeyPair25519.generate();
  private static final byte[] PAYLOAD = payload(IDENTITY, STATIC_KEY).encode();

  private final HandshakeState state;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private BiFunction<Integer, byte[], byte[]> frameChange = (turn, frame) -> frame;
  private byte[] firstPayload = NOTHING;
  private byte[] payload = PAYLOAD;
  private byte[] sending = NOTHING;
  private int sent;
  private int turn;
  private boolean closed;

  ScriptedPeer(boolean initiator) {
    this.state = new HandshakeState(initiator, NOTHING, STATIC_KEY, KeyPair25519.generate());
    this.turn = initiator ? 0 : 1;
  }

  /** What it truthfully says. */
  static HandshakePayload truth() {
    return payload(IDENTITY, STATIC_KEY);
  }

  /** What a peer with these keys would truthfully say. */
  static HandshakePayload payload(PrivateKey identity, KeyPair25519 staticKey) {
    return new HandshakePayload(
        ByteString.copyFrom(identity.publicKey().toProtobuf()),
        ByteString.copyFrom(identity.sign(NoiseHandshake.signedBytes(staticKey.publicKey()))),
        List.of());
  }

  /** Says this in its message with the payload. */
  ScriptedPeer saying(byte[] bytes) {
    payload = bytes;
    return this;
  }

  /** Says this in message 1, where nothing belongs. */
  ScriptedPeer sayingTooEarly(byte[] bytes) {
    firstPayload = bytes;
    return this;
  }

  /** Has each frame, by the number of its message counted from 0, changed. */
  ScriptedPeer changing(BiFunction<Integer, byte[], byte[]> change) {
    frameChange = change;
    return this;
  }

  boolean closed() {
    return closed;
  }

  /** How many whole frames it got. */
  int framesReceived() {
    int count = 0;
    byte[] bytes = received.toByteArray();
    for (int at = 0; at + 2 <= bytes.length; at += 2 + length(bytes, at)) {
      count++;
    }
    return count;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (sent == sending.length) {
      sending = frameChange.apply(turn, next());
      sent = 0;
      turn += 2;
    }
    if (sent == sending.length) {
      return -1;
    }
    int n = Math.min(length, sending.length - sent);
    System.arraycopy(sending, sent, buffer, offset, n);
    sent += n;
    return n;
  }

  @Override
  public void write(byte[] buffer, int offset, int length) {
    received.write(buffer, offset, length);
  }

  @Override
  public void closeWrite() {}

  @Override
  public void close() {
    closed = true;
  }

  private byte[] next() {
    try {
      return switch (turn) {
        case 0 -> frame(state.writeMessage(firstPayload));
        case 1, 2 -> {
          state.readMessage(firstReceived());
          yield frame(state.writeMessage(payload));
        }
        default -> NOTHING;
      };
    } catch (HandshakeException e) {
      return NOTHING;
    }
  }

  private byte[] firstReceived() {
    byte[] bytes = received.toByteArray();
    return bytes.length < 2 ? bytes : Arrays.copyOfRange(bytes, 2, 2 + length(bytes, 0));
  }

  private static int length(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  static byte[] frame(byte[] message) {
    byte[] frame = new byte[2 + message.length];
    frame[0] = (byte) (message.length >>> 8);
    frame[1] = (byte) message.length;
    System.arraycopy(message, 0, frame, 2, message.length);
    return frame;
  }
}
