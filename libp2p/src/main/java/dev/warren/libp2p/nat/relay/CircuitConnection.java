package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A stream to a relay that leads on to another peer. */
final class CircuitConnection implements RawConnection {
  private final Stream stream;
  private final Multiaddr remoteAddress;
  private final CircuitLimit limit;
  private final CountDownLatch closed = new CountDownLatch(1);

  CircuitConnection(Stream stream, Multiaddr remoteAddress, CircuitLimit limit) {
    this.stream = stream;
    this.remoteAddress = remoteAddress;
    this.limit = limit;
  }

  @Override
  public Multiaddr localAddress() {
    return stream.connection().localAddress();
  }

  @Override
  public Multiaddr remoteAddress() {
    return remoteAddress;
  }

  @Override
  public boolean isLimited() {
    return limit.isTight();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      return stream.read(buffer, offset, length);
    } catch (StreamResetException e) {
      throw ended(e);
    }
  }

  @Override
  public int available() {
    return stream.available();
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    try {
      stream.write(buffer, offset, length);
    } catch (StreamResetException e) {
      throw ended(e);
    }
  }

  private ConnectionClosedException ended(StreamResetException cause) {
    return new ConnectionClosedException(
        limit.isNone()
            ? "the relay ended the connection"
            : "the relay ended the connection, as it does after some time or data",
        cause);
  }

  @Override
  public void closeWrite() throws IOException {
    stream.closeWrite();
  }

  @Override
  public void close() {
    stream.close();
    closed.countDown();
  }

  /** Waits until this is closed: the handler of a stream may not return before. */
  void awaitClosed() {
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
