package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.security.SecureChannelException;
import dev.warren.libp2p.security.SecureChannelException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a channel. All of it belongs to the reading thread, except that any thread
 * may ask it to {@link #trim}.
 *
 * <p>One buffer holds what arrived, and a read of the raw connection takes all that is there, so
 * that a busy connection gets several records for one system call. A record goes straight into the
 * caller's array when it fits; otherwise it is decrypted in its place and handed out from there
 * before anything more is read.
 *
 * <p>The buffer follows the traffic: a read that filled it makes the next one larger, a run of
 * reads that hardly used it makes it smaller. It never grows for what a peer merely announces, and
 * since the thread that waits on an idle connection sits on it, it is what an idle connection
 * costs.
 */
final class RecordReader {
  static final int MIN_BUFFER_BYTES = 2 * 1024;
  static final int MAX_BUFFER_BYTES = Records.MAX_BURST_BYTES;

  private static final int RESIZE_FACTOR = 4;

  /** A read is small when it fills less than this part of the buffer. */
  private static final int SMALL_PART = 8;

  private static final int SMALL_READS_BEFORE_SHRINKING = 16;

  private final Duplex raw;
  private final CipherState cipher;
  private byte[] buffer = new byte[MIN_BUFFER_BYTES];
  private int maxBufferBytes = MAX_BUFFER_BYTES;

  // Ciphertext that is still to be decrypted: [start, end).
  private int start;
  private int end;

  // Plaintext that is still to be handed out: [plainStart, plainEnd), before the ciphertext.
  private int plainStart;
  private int plainEnd;

  private boolean lastReadFilledBuffer;
  private int smallReads; // in a row
  private @Nullable SecureChannelException failure; // what every further read ends with

  private volatile boolean trimRequested; // set by any thread, cleared by the reading thread

  RecordReader(Duplex raw, CipherState cipher) {
    this.raw = raw;
    this.cipher = cipher;
  }

  /** Holds a single record at most. */
  void beFrugal() {
    maxBufferBytes = Records.MAX_RECORD_BYTES;
  }

  int read(byte[] out, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, out.length);
    if (length == 0) {
      return 0;
    }
    while (plainStart == plainEnd) {
      if (!awaitRecord()) {
        return -1;
      }
      int done = openInto(out, offset, length);
      if (done > 0) {
        return done;
      }
      openInPlace();
    }
    int n = Math.min(length, plainEnd - plainStart);
    System.arraycopy(buffer, plainStart, out, offset, n);
    plainStart += n;
    return n;
  }

  /** Decrypts the next record where it lies, and lends what it held. */
  ByteBuffer receive() throws IOException {
    while (plainStart == plainEnd) {
      if (!awaitRecord()) {
        return ByteBuffer.allocate(0);
      }
      openInPlace();
    }
    ByteBuffer lent = ByteBuffer.wrap(buffer, plainStart, plainEnd - plainStart);
    plainStart = plainEnd;
    return lent;
  }

  /** What the next read can give without waiting, if it proves authentic. */
  int available() {
    if (plainStart < plainEnd) {
      return plainEnd - plainStart;
    }
    return hasRecord() ? Math.max(0, ciphertextLength() - Records.TAG_BYTES) : 0;
  }

  /** Has the buffer cut down when it is next empty. */
  void trim() {
    trimRequested = true;
  }

  /** Size of the buffer, for tests. */
  int bufferBytes() {
    return buffer.length;
  }

  /** Decrypts as many whole records as have arrived and fit; returns the bytes that they held. */
  private int openInto(byte[] out, int offset, int length) throws SecureChannelException {
    int done = 0;
    while (hasRecord() && ciphertextLength() - Records.TAG_BYTES <= length - done) {
      try {
        done += open(out, offset + done);
      } catch (SecureChannelException e) {
        if (done == 0) {
          throw e;
        }
        return done; // what came before is authentic; the next read fails
      }
    }
    return done;
  }

  /** Decrypts the next record where it lies, if it is there and holds anything. */
  private void openInPlace() throws SecureChannelException {
    if (hasRecord()) {
      plainStart = start + Records.PREFIX_BYTES;
      plainEnd = plainStart;
      plainEnd += open(buffer, plainStart);
    }
  }

  /** Decrypts the next record and returns the length of its plaintext. */
  private int open(byte[] out, int outOffset) throws SecureChannelException {
    int length = ciphertextLength();
    if (cipher.exhausted()) {
      throw fail(Reason.EXHAUSTED, "the peer has sent more than the connection's keys may protect");
    }
    try {
      int n = cipher.decrypt(buffer, start + Records.PREFIX_BYTES, length, out, outOffset);
      start += Records.PREFIX_BYTES + length;
      return n;
    } catch (AEADBadTagException e) {
      throw fail(Reason.CORRUPT, "data arrived that is not what the peer sent");
    }
  }

  /** Reads until a whole record is there; false when the peer has closed after the last one. */
  private boolean awaitRecord() throws IOException {
    if (failure != null) {
      throw failure;
    }
    while (!hasRecord()) {
      makeRoom();
      int n = raw.read(buffer, end, buffer.length - end);
      if (n < 0) {
        if (start == end) {
          return false;
        }
        throw fail(Reason.TRUNCATED, "the connection was cut off while data was arriving");
      }
      end += n;
      lastReadFilledBuffer = end == buffer.length;
      smallReads = n < buffer.length / SMALL_PART ? smallReads + 1 : 0;
    }
    return true;
  }

  /** Moves what is there to the front of a buffer of the right size, which has room behind it. */
  private void makeRoom() {
    int pending = end - start;
    int size = nextBufferBytes(pending);
    byte[] next = size == buffer.length ? buffer : new byte[size];
    System.arraycopy(buffer, start, next, 0, pending);
    buffer = next;
    start = 0;
    end = pending;
    plainStart = 0;
    plainEnd = 0;
  }

  private int nextBufferBytes(int pending) {
    int size = buffer.length;
    if (lastReadFilledBuffer) {
      return Math.min(size * RESIZE_FACTOR, maxBufferBytes);
    }
    if (pending > 0) {
      return size;
    }
    if (trimRequested) {
      trimRequested = false;
      return MIN_BUFFER_BYTES;
    }
    if (smallReads >= SMALL_READS_BEFORE_SHRINKING) {
      smallReads = 0;
      return Math.max(size / RESIZE_FACTOR, MIN_BUFFER_BYTES);
    }
    return size;
  }

  private boolean hasRecord() {
    int there = end - start;
    return there >= Records.PREFIX_BYTES && there - Records.PREFIX_BYTES >= ciphertextLength();
  }

  private int ciphertextLength() {
    return (buffer[start] & 0xff) << 8 | (buffer[start + 1] & 0xff);
  }

  private SecureChannelException fail(Reason reason, String message) {
    SecureChannelException e = new SecureChannelException(reason, message);
    failure = e;
    raw.close();
    return e;
  }
}
