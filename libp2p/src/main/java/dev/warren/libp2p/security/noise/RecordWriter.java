package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.security.SecureChannelException;
import dev.warren.libp2p.security.SecureChannelException.Reason;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.SpareArrays;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writing half of a channel: encrypts in the caller's thread and hands several records at once
 * to the raw connection.
 *
 * <p>Callers write one at a time by contract. The lock is there all the same, so that no mistake of
 * theirs can use a nonce twice, and so that {@link #trim} can take the buffer away.
 */
final class RecordWriter {
  private static final int MAX_BUFFER_BYTES = Records.MAX_BURST_BYTES;
  private static final int MIN_BUFFER_BYTES = 256;

  /** 4 MiB. */
  private static final int MAX_SPARE_BURSTS = 16;

  /** What a connection keeps between writes; larger ones borrow from the {@link #BURSTS} of all. */
  private static final int MAX_KEPT_BYTES = 16 * 1024;

  private static final SpareArrays BURSTS = new SpareArrays(MAX_BUFFER_BYTES, MAX_SPARE_BURSTS);
  private static final byte[] NO_BUFFER = {};

  private final Duplex raw;
  private final ReentrantLock lock = new ReentrantLock();
  private final CipherState cipher; // guarded by lock
  private byte[] buffer = NO_BUFFER; // guarded by lock; empty when nothing was written lately

  RecordWriter(Duplex raw, CipherState cipher) {
    this.raw = raw;
    this.cipher = cipher;
  }

  /** Writes the head, from the start of its array, and then the range of the body. */
  void write(byte[] head, int headLength, byte[] body, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(0, headLength, head.length);
    Objects.checkFromIndexSize(offset, length, body.length);
    lock.lock();
    byte[] kept = buffer;
    try {
      int headDone = 0;
      int bodyDone = 0;
      long remaining = (long) headLength + length;
      while (remaining > 0) {
        makeRoom(remaining);
        int filled = 0;
        do {
          int fromHead = Math.min(headLength - headDone, Records.MAX_PLAINTEXT_BYTES);
          int fromBody = Math.min(length - bodyDone, Records.MAX_PLAINTEXT_BYTES - fromHead);
          filled = seal(head, headDone, fromHead, body, offset + bodyDone, fromBody, filled);
          headDone += fromHead;
          bodyDone += fromBody;
          remaining -= fromHead + fromBody;
        } while (remaining > 0 && buffer.length - filled >= nextRecordBytes(remaining));
        raw.write(buffer, 0, filled);
      }
    } finally {
      if (buffer.length > MAX_KEPT_BYTES) {
        BURSTS.giveBack(buffer);
        buffer = kept;
      }
      lock.unlock();
    }
  }

  /** Drops the buffer unless it is in use. */
  void trim() {
    if (lock.tryLock()) {
      try {
        buffer = NO_BUFFER;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Size of the buffer, for tests. */
  int bufferBytes() {
    lock.lock();
    try {
      return buffer.length;
    } finally {
      lock.unlock();
    }
  }

  /** Appends a record to the buffer and returns where it ends. */
  private int seal(
      byte[] head, int headOffset, int fromHead, byte[] body, int bodyOffset, int fromBody, int at)
      throws IOException {
    if (cipher.exhausted()) {
      raw.close();
      throw new SecureChannelException(
          Reason.EXHAUSTED, "the connection has sent all that its keys may protect");
    }
    int n =
        cipher.encrypt(
            head,
            headOffset,
            fromHead,
            body,
            bodyOffset,
            fromBody,
            buffer,
            at + Records.PREFIX_BYTES);
    buffer[at] = (byte) (n >>> 8);
    buffer[at + 1] = (byte) n;
    return at + Records.PREFIX_BYTES + n;
  }

  private static int nextRecordBytes(long plaintext) {
    return (int) Math.min(plaintext, Records.MAX_PLAINTEXT_BYTES) + Records.OVERHEAD_BYTES;
  }

  /** Makes the buffer large enough for all that is to be written, or as large as it may be. */
  private void makeRoom(long plaintext) {
    long records = Math.ceilDiv(plaintext, Records.MAX_PLAINTEXT_BYTES);
    long needed = Math.min(plaintext + records * Records.OVERHEAD_BYTES, MAX_BUFFER_BYTES);
    if (buffer.length < needed) {
      long rounded = Long.highestOneBit(Math.max(needed, MIN_BUFFER_BYTES) - 1) << 1;
      buffer = rounded > MAX_KEPT_BYTES ? BURSTS.take() : new byte[(int) rounded];
    }
  }
}
