package dev.warren.libp2p.dht.wire;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Varint;
import dev.warren.libp2p.transport.Duplex;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Messages on a stream, each behind its length as a varint. */
public final class Frames {
  /** A claim of more than this is paid for as the bytes arrive. */
  private static final int TRUSTED_BYTES = 16 * 1024;

  private Frames() {}

  /** Writes one message. */
  public static void write(Duplex stream, byte[] message) throws IOException {
    byte[] length = Varint.encode(message.length);
    byte[] framed = Arrays.copyOf(length, length.length + message.length);
    System.arraycopy(message, 0, framed, length.length, message.length);
    stream.write(framed);
  }

  /** Reads one message; empty when the peer has closed its side instead of beginning one. */
  public static Optional<byte[]> read(Duplex stream, int maxBytes) throws IOException {
    byte[] first = new byte[1];
    if (stream.read(first, 0, 1) < 0) {
      return Optional.empty();
    }
    long length = first[0] & 0x7f;
    if (first[0] < 0) {
      length = readRest(stream, length);
    }
    if (length > maxBytes) {
      throw new MalformedMessageException(
          "the peer announces " + length + " bytes, more than " + maxBytes);
    }
    byte[] message = new byte[(int) Math.min(length, TRUSTED_BYTES)];
    int read = 0;
    while (true) {
      stream.readFully(message, read, message.length - read);
      read = message.length;
      if (read == length) {
        return Optional.of(message);
      }
      message = Arrays.copyOf(message, (int) Math.min(length, 2L * read));
    }
  }

  private static long readRest(Duplex stream, long low) throws IOException {
    try {
      long high = Varint.read(stream.input());
      if (high == 0) {
        throw new MalformedMessageException("the peer writes a length longer than it has to be");
      }
      return high > Integer.MAX_VALUE ? Long.MAX_VALUE : high << 7 | low;
    } catch (MalformedException e) {
      throw new MalformedMessageException("the peer's message has no valid length", e);
    } catch (EOFException e) {
      throw new EOFException("the peer closed within the length of a message");
    }
  }
}
