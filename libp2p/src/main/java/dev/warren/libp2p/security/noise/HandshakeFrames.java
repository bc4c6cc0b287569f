package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.io.EOFException;
import java.io.IOException;

/**
 * Handshake messages on the wire, each after its length in two bytes (specs, noise/README.md, "Wire
 * Format").
 *
 * <p>Reads not one byte past a message: what follows the last one belongs to the channel.
 */
final class HandshakeFrames {

  /**
   * The longest message that is taken. The format allows 65535; an RSA key of 8192 bits with its
   * signature and a page of multiplexers stay under 4 KiB, post-quantum signatures under 12.
   */
  static final int MAX_MESSAGE_BYTES = 16 * 1024;

  private final Duplex raw;

  HandshakeFrames(Duplex raw) {
    this.raw = raw;
  }

  void write(byte[] message) throws HandshakeException {
    byte[] frame = new byte[2 + message.length];
    frame[0] = (byte) (message.length >>> 8);
    frame[1] = (byte) message.length;
    System.arraycopy(message, 0, frame, 2, message.length);
    try {
      raw.write(frame);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  byte[] read() throws HandshakeException {
    try {
      byte[] prefix = new byte[2];
      raw.readFully(prefix, 0, prefix.length);
      int length = (prefix[0] & 0xff) << 8 | (prefix[1] & 0xff);
      if (length > MAX_MESSAGE_BYTES) {
        throw new HandshakeException(
            Reason.MALFORMED,
            "the peer announces a handshake message of %d bytes, more than %d"
                .formatted(length, MAX_MESSAGE_BYTES));
      }
      byte[] message = new byte[length];
      raw.readFully(message, 0, length);
      return message;
    } catch (HandshakeException e) {
      throw e;
    } catch (EOFException e) {
      throw new HandshakeException(
          Reason.CLOSED, "the peer closed the connection during the handshake", e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static HandshakeException failed(IOException e) {
    return new HandshakeException(
        Reason.CLOSED, "the connection failed during the handshake: " + e.getMessage(), e);
  }
}
