package dev.warren.bench;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A peer with at most one connection to the soaked host. For one thread at a time. */
final class SoakClient implements AutoCloseable {
  private static final long DISCONNECT_TIMEOUT_SECONDS = 30;

  private final Multiaddr target;
  private final CuttableTransport transport = new CuttableTransport();
  private final Host host;
  private final Semaphore disconnections = new Semaphore(0);
  private Optional<Connection> connection = Optional.empty();

  SoakClient(Multiaddr target) throws IOException {
    this.target = target;
    this.host =
        Host.builder()
            .transport(transport)
            .listener(
                new HostListener() {
                  @Override
                  public void disconnected(Connection ended, IOException cause) {
                    disconnections.release();
                  }
                })
            .start();
  }

  boolean isConnected() {
    return connection.isPresent();
  }

  void connect() throws IOException {
    connection = Optional.of(host.dial(target));
  }

  /** Sends bytes and expects them back, then closes the stream. */
  void echo(byte[] bytes) throws IOException {
    try (Stream stream = open(SoakTarget.ECHO)) {
      stream.write(bytes);
      stream.closeWrite();
      byte[] back = new byte[bytes.length];
      stream.readFully(back, 0, back.length);
      if (!Arrays.equals(bytes, back) || stream.read(back, 0, 1) >= 0) {
        throw new IOException("the echo differs from what was sent");
      }
    }
  }

  /** Sends bytes and gives the stream up. */
  void reset(byte[] bytes) throws IOException {
    Stream stream = open(SoakTarget.ECHO);
    stream.write(bytes);
    stream.reset(0);
  }

  /** Has the host reset a stream. */
  void beReset() throws IOException {
    try (Stream stream = open(SoakTarget.RESET)) {
      stream.write(new byte[1]);
      int n = stream.read(new byte[1], 0, 1);
      throw new IOException("a read gave " + n + " where the stream was to be reset");
    } catch (StreamResetException e) {
      // As asked for.
    }
  }

  /** Sends bytes and lets the stream be until the connection ends. */
  void abandon(byte[] bytes) throws IOException {
    open(SoakTarget.ECHO).write(bytes);
  }

  /** Ends the connection in good order. */
  void disconnect() throws IOException {
    connection.ifPresent(Connection::close);
    awaitDisconnection();
  }

  /** Closes the socket under the connection. */
  void cut() throws IOException {
    transport.lastDialed().ifPresent(RawConnection::close);
    awaitDisconnection();
  }

  @Override
  public void close() {
    host.close();
  }

  private Stream open(String protocol) throws IOException {
    return connection.orElseThrow().open(protocol);
  }

  private void awaitDisconnection() throws IOException {
    connection = Optional.empty();
    try {
      if (!disconnections.tryAcquire(DISCONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the end of a connection went unnoticed");
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while a connection ended");
    }
  }
}
