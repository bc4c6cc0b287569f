package dev.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DelayRelayTest {
  private static final Duration ONE_WAY = Duration.ofMillis(20);

  @Test
  void firstAnswerTakesTwoRoundTripsAndTheNextTakesOne() throws IOException {
    try (BareEcho echo = BareEcho.start();
        DelayRelay relay = DelayRelay.start(echo.port(), ONE_WAY)) {
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

  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write(1);
    assertThat(socket.getInputStream().read()).isEqualTo(1);
  }
}
