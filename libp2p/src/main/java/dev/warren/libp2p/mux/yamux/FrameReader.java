package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.SecureChannel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes the incoming bytes apart, where the channel has them: of its own this holds a header that
 * came in two parts. Owned by the reading thread, but for {@link #bytesRead}.
 */
final class FrameReader {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SecureChannel channel;
  private final Runnable beforeWaiting;
  private final byte[] split = new byte[FrameHeader.BYTES];
  private ByteBuffer received = NOTHING; // the channel's own
  private final AtomicLong bytesRead = new AtomicLong(); // written by the reading thread alone

  /**
   * @param beforeWaiting run by the reading thread before it reads what may not have arrived yet
   */
  FrameReader(SecureChannel channel, Runnable beforeWaiting) {
    this.channel = channel;
    this.beforeWaiting = beforeWaiting;
  }

  /** The next header; empty when the peer has ended the connection between two frames. */
  Optional<FrameHeader> header() throws IOException {
    if (!hasMore()) {
      return Optional.empty();
    }
    if (received.remaining() < FrameHeader.BYTES) {
      return Optional.of(splitHeader());
    }
    FrameHeader header = FrameHeader.decode(array(), position());
    skip(FrameHeader.BYTES);
    return Optional.of(header);
  }

  private FrameHeader splitHeader() throws IOException {
    for (int have = 0; have < split.length; ) {
      if (!hasMore()) {
        throw new EOFException("the connection ended in the middle of a frame's header");
      }
      int n = Math.min(split.length - have, received.remaining());
      received.get(split, have, n);
      have += n;
    }
    return FrameHeader.decode(split, 0);
  }

  /** Waits for payload; the number of bytes, at most so many, that are at {@link #position}. */
  int available(long wanted) throws IOException {
    if (!hasMore()) {
      throw new EOFException("the connection ended in the middle of a frame's payload");
    }
    return (int) Math.min(wanted, received.remaining());
  }

  @SuppressWarnings("ByteBufferBackingArray") // position() adds where it begins
  byte[] array() {
    return received.array();
  }

  int position() {
    return received.arrayOffset() + received.position();
  }

  /** Steps over what has been dealt with. */
  void skip(int bytes) {
    received.position(received.position() + bytes);
  }

  /** All bytes that have arrived so far. */
  long bytesRead() {
    return bytesRead.getAcquire();
  }

  /** Waits for bytes where there are none; false at the end of the connection. */
  private boolean hasMore() throws IOException {
    if (received.hasRemaining()) {
      return true;
    }
    if (channel.available() == 0) {
      beforeWaiting.run();
    }
    received = NOTHING; // or what the channel lets go of would be kept while this waits
    received = channel.receive();
    bytesRead.setRelease(bytesRead.getPlain() + received.remaining());
    return received.hasRemaining();
  }
}
