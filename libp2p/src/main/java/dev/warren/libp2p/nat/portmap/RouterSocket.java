package dev.warren.libp2p.nat.portmap;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Questions in datagrams to one router, repeated until they are answered. The socket is connected,
 * so that only the router itself is heard.
 */
final class RouterSocket implements Closeable {
  /** RFC 6887 §7: "must not be larger than 1100". */
  private static final int MAX_BYTES = 1100;

  private final DatagramSocket socket;
  private final int attempts;
  private final Duration firstWait;

  /** Finds the answer among what the router sends. */
  @FunctionalInterface
  interface Answers<T> {
    /** Empty if the datagram answers something else. */
    Optional<T> read(byte[] datagram) throws IOException;
  }

  /**
   * @param attempts how often a question is asked
   * @param firstWait for how long the first time; each further wait is twice as long
   */
  RouterSocket(InetSocketAddress router, int attempts, Duration firstWait) throws IOException {
    this.attempts = attempts;
    this.firstWait = firstWait;
    socket = new DatagramSocket();
    try {
      socket.connect(router);
    } catch (RuntimeException | Error e) {
      socket.close();
      throw e;
    }
  }

  InetAddress localAddress() {
    return socket.getLocalAddress();
  }

  <T> T ask(byte[] question, Answers<T> answers) throws IOException {
    for (int attempt = 0; attempt < attempts; attempt++) {
      socket.send(new DatagramPacket(question, question.length));
      Optional<T> answer = await(firstWait.multipliedBy(1L << attempt), answers);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw new SocketTimeoutException("the router does not answer");
  }

  private <T> Optional<T> await(Duration wait, Answers<T> answers) throws IOException {
    long end = System.nanoTime() + wait.toNanos();
    var datagram = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
    long left;
    while ((left = (end - System.nanoTime()) / 1_000_000) > 0) {
      socket.setSoTimeout((int) left);
      datagram.setLength(MAX_BYTES);
      try {
        socket.receive(datagram);
      } catch (SocketTimeoutException _) {
        break;
      }
      Optional<T> answer = answers.read(Arrays.copyOf(datagram.getData(), datagram.getLength()));
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    socket.close();
  }
}
