package dev.warren.cli.endtoend.lab;

import com.google.gson.JsonObject;
import dev.warren.interop.Implementation;
import dev.warren.interop.PeerException;
import dev.warren.interop.PeerProcess;
import java.io.IOException;
import java.time.Duration;

/** Two peers of one implementation, one at each end of a link. */
final class LinkedPeers implements AutoCloseable {
  /** Over what they talk. */
  enum Transport {
    QUIC("/ip4/%s/udp/0/quic-v1"),
    TCP("/ip4/%s/tcp/0");

    private final String listen;

    Transport(String listen) {
      this.listen = listen;
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A measurement is one that lasts so long, or is of so many bytes. */
  private static final double ENOUGH_SECONDS = 4;

  private static final long FIRST_BYTES = 1 << 20;
  private static final long MOST_BYTES = 1 << 28;
  private static final int GROWTH = 8;

  private final Implementation implementation;
  private final Transport transport;
  private final PeerProcess sender;
  private final PeerProcess receiver;

  private LinkedPeers(
      Implementation implementation,
      Transport transport,
      PeerProcess sender,
      PeerProcess receiver) {
    this.implementation = implementation;
    this.transport = transport;
    this.sender = sender;
    this.receiver = receiver;
  }

  static LinkedPeers start(
      Implementation implementation,
      Transport transport,
      NetworkNamespace sending,
      NetworkNamespace receiving,
      String receivingAddress)
      throws PeerException {
    String listen = transport.listen.formatted(receivingAddress);
    PeerProcess receiver =
        PeerProcess.start(receiving.prefix(), implementation, "--listen", listen);
    try {
      // A peer that listens nowhere cannot dial by QUIC, in some.
      String back = transport.listen.formatted("0.0.0.0");
      return new LinkedPeers(
          implementation,
          transport,
          PeerProcess.start(sending.prefix(), implementation, "--listen", back),
          receiver);
    } catch (PeerException e) {
      receiver.close();
      throw e;
    }
  }

  String label() {
    return implementation.label() + ", " + transport;
  }

  /** How many bytes a second come from the one to the other, on a connection made for that. */
  double bytesPerSecond() throws IOException {
    sender.call(PATIENCE, "dial", "addr", receiver.address());
    for (long bytes = FIRST_BYTES; ; bytes *= GROWTH) {
      JsonObject took =
          sender.call(PATIENCE, "perf", "peer", receiver.id(), "upload", bytes, "download", 0);
      double seconds =
          took.get("uploadSeconds").getAsDouble() + took.get("downloadSeconds").getAsDouble();
      if (seconds >= ENOUGH_SECONDS || bytes >= MOST_BYTES) {
        sender.call("disconnect", "peer", receiver.id());
        return bytes / seconds;
      }
    }
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
  }
}
