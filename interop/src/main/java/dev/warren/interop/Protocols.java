package dev.warren.interop;

import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What every peer serves; see {@code interop/peers/README.md}, "Protocols". */
final class Protocols {
  static final String ECHO = "/warren-interop/echo/1.0.0";
  static final String HASH = "/warren-interop/hash/1.0.0";
  static final String RESET = "/warren-interop/reset/1.0.0";
  static final String SLOW = "/warren-interop/slow/1.0.0";

  static final int BUFFER_BYTES = 128 * 1024;

  /** A stream of a few bytes should not cost the clearing of a large buffer. */
  static final int FIRST_BUFFER_BYTES = 4 * 1024;

  private Protocols() {}

  static void serve(HostBuilder builder) {
    builder
        .handle(ECHO, Protocols::echo)
        .handle(HASH, Protocols::hash)
        .handle(RESET, Protocols::reset)
        .handle(SLOW, Protocols::slow);
  }

  static void echo(Stream stream) throws IOException {
    byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    int n;
    while ((n = stream.read(buffer, 0, buffer.length)) >= 0) {
      stream.write(buffer, 0, n);
      buffer = forNextRead(buffer, n);
    }
    stream.closeWrite();
  }

  /** The buffer itself, or a large one when the last read has filled it. */
  static byte[] forNextRead(byte[] buffer, int lastRead) {
    return lastRead == buffer.length && lastRead < BUFFER_BYTES ? new byte[BUFFER_BYTES] : buffer;
  }

  private static void hash(Stream stream) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    int n;
    while ((n = stream.read(buffer, 0, buffer.length)) >= 0) {
      digest.update(buffer, 0, n);
    }
    stream.write(digest.digest());
    stream.closeWrite();
  }

  private static void reset(Stream stream) throws IOException {
    stream.readFully(new byte[1], 0, 1);
    stream.reset(0);
  }

  private static void slow(Stream stream) throws IOException {
    byte[] millis = new byte[Long.BYTES];
    stream.readFully(millis, 0, millis.length);
    var over = new CountDownLatch(1);
    TimeSource.system()
        .after(Duration.ofMillis(ByteBuffer.wrap(millis).getLong()), over::countDown);
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted in the pause of a slow stream");
    }
    hash(stream);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
