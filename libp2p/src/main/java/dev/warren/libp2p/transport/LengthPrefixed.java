package dev.warren.libp2p.transport;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Varint;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.util.Optional;

/** Messages behind their length as a varint, which is how most protocols of libp2p send them. */
public final class LengthPrefixed {
  private LengthPrefixed() {}

  /** Sends a message in one piece. */
  public static void write(Duplex stream, byte[] message) throws IOException {
    byte[] framed = new byte[Varint.size(message.length) + message.length];
    int at = Varint.write(message.length, framed, 0);
    System.arraycopy(message, 0, framed, at, message.length);
    stream.write(framed);
  }

  /**
   * Reads a message.
   *
   * @param maxBytes a message that claims to be longer is refused before it is read
   * @return empty when the peer has closed its side between two messages
   */
  public static Optional<byte[]> read(Duplex stream, int maxBytes) throws IOException {
    var in = new PushbackInputStream(stream.input());
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    in.unread(first);
    long length;
    try {
      length = Varint.read(in);
    } catch (MalformedException e) {
      throw new IOException("the peer sent a message without a valid length", e);
    }
    if (length > maxBytes) {
      throw new IOException(
          "the peer sent a message of " + length + " bytes, more than " + maxBytes);
    }
    byte[] message = new byte[(int) length];
    stream.readFully(message, 0, message.length);
    return Optional.of(message);
  }
}
