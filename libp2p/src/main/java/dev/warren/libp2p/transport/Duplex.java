package dev.warren.libp2p.transport;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Two blocking streams of bytes, one in each direction.
 *
 * <p>At most one thread reads and at most one thread writes at a time, and the two may be different
 * threads. {@link #close} may be called from any thread; it ends a read or write that is blocked.
 */
public interface Duplex extends Closeable {

  /**
   * Reads at least one byte, blocking until there is one.
   *
   * @return the number of bytes read, or -1 when the peer has closed its side in good order
   */
  int read(byte[] buffer, int offset, int length) throws IOException;

  /** A lower bound of what can be read without blocking; 0 where that is not known. */
  default int available() {
    return 0;
  }

  /** Writes all of the bytes, blocking while the peer is not ready for them. */
  void write(byte[] buffer, int offset, int length) throws IOException;

  /** Tells the peer that nothing more will be written. Reading goes on. */
  void closeWrite() throws IOException;

  /** Ends both directions. Does nothing when they have ended already. */
  @Override
  void close();

  /** Writes all of the array. */
  default void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Fills the whole range or throws {@link EOFException}. */
  default void readFully(byte[] buffer, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int n = read(buffer, offset + done, length - done);
      if (n < 0) {
        throw new EOFException("the peer closed after " + done + " of " + length + " bytes");
      }
      done += n;
    }
  }

  /** The reading half as a stream; closing it closes this. */
  default InputStream input() {
    return new DuplexStreams.Input(this);
  }

  /** The writing half as a stream; closing it closes the writing half only. */
  default OutputStream output() {
    return new DuplexStreams.Output(this);
  }
}
