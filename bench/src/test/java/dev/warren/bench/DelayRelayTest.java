package dev.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.interop.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DelayRelayTest {
  private static final Duration ONE_WAY = Duration.ofMillis(20);

  @Test
  void firstAnswerTakesTwoRoundTripsAndTheNextTakesOne() throws IOException {
    try (BareEcho echo = BareEcho.start();
        DelayRelay relay = DelayRelay.start(Transport.TCP, echo.port(), ONE_WAY)) {
      long start = System.nanoTime();
      try (var dialer = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
        ask(dialer);
        long first = System.nanoTime();
        ask(dialer);
        long second = System.nanoTime();

        // A busy machine may add to this; it cannot take from it.
        assertThat(Duration.ofNanos(first - start)).isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(4));
        assertThat(Duration.ofNanos(second - first))
            .isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(2));
      }
    }
  }

  @Test
  void datagramsOfSeveralDialersArriveOneWayLaterAndAnswersAsLateAgain() throws IOException {
    try (var echo = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DelayRelay relay = DelayRelay.start(Transport.QUIC, echo.getLocalPort(), ONE_WAY)) {
      Thread.ofPlatform().daemon().start(() -> echo(echo));
      for (byte dialer = 1; dialer <= 2; dialer++) {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
          long start = System.nanoTime();
          socket.send(
              new DatagramPacket(
                  new byte[] {dialer}, 1, InetAddress.getLoopbackAddress(), relay.port()));
          var answer = new DatagramPacket(new byte[2], 2);
          socket.receive(answer);
          assertThat(Duration.ofNanos(System.nanoTime() - start))
              .isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(2));
          assertThat(answer.getLength()).isEqualTo(1);
          assertThat(answer.getData()[0]).isEqualTo(dialer);
        }
      }
    }
  }

  private static void echo(DatagramSocket echo) {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[100], 100);
        echo.receive(packet);
        echo.send(packet);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write(1);
    assertThat(socket.getInputStream().read()).isEqualTo(1);
  }
}
