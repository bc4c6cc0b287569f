package dev.warren.libp2p.transport;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An encrypted connection whose other end has proved who it is. */
public interface SecureChannel extends Duplex {

  /** The peer at the other end. */
  PeerId remotePeer();

  /** The key that the peer proved to hold. */
  PublicKey remoteKey();

  /** The multiplexer agreed on during the handshake, when both ends can do that. */
  Optional<String> earlyMuxer();

  /**
   * Writes two ranges as if they were one: a frame's header, from the start of its array, and the
   * frame's body. A channel that can does so without bringing them together in an array first.
   */
  default void write(byte[] header, int headerLength, byte[] body, int offset, int length)
      throws IOException {
    write(header, 0, headerLength);
    write(body, offset, length);
  }

  /**
   * Reads without a copy: blocks until there are bytes, and lends them where the channel has them,
   * until the next read. There are none when the peer has closed its side in good order.
   */
  ByteBuffer receive() throws IOException;

  /**
   * From now on takes no more at once than it must, for one of thousands of busy connections:
   * faster ones hold hundreds of KiB each. Called before the first read.
   */
  default void beFrugal() {}

  /**
   * Lets go of buffers that a busy connection keeps; they come back with the next traffic. May be
   * called from any thread at any time.
   */
  default void trim() {}
}
