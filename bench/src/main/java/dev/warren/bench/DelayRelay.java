package dev.warren.bench;

import dev.warren.interop.Transport;
import java.io.IOException;
import java.time.Duration;

/** Makes a listener on this machine look far away. */
sealed interface DelayRelay extends AutoCloseable permits StreamDelayRelay, DatagramDelayRelay {
  /** Starts to carry to a port of this machine what comes in. */
  static DelayRelay start(Transport transport, int targetPort, Duration oneWay) throws IOException {
    return switch (transport) {
      case TCP -> StreamDelayRelay.start(targetPort, oneWay);
      case QUIC -> DatagramDelayRelay.start(targetPort, oneWay);
    };
  }

  /** Where to dial. */
  int port() throws IOException;

  @Override
  void close() throws IOException;
}
