package dev.warren.libp2p.protocol.ping;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/** Measures the round trip to a peer, again and again on one stream. */
public final class Ping implements Closeable {
  public static final String PROTOCOL = "/ipfs/ping/1.0.0";

  private static final int PAYLOAD_BYTES = 32;
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Stream stream;
  private final TimeSource time;

  /** Opens a stream for pings. */
  public Ping(Host host, Connection connection) throws IOException {
    stream = connection.open(PROTOCOL);
    stream.setReadTimeout(ANSWER_TIMEOUT);
    time = host.time();
  }

  /** Answers the pings of others. */
  public static void serve(Host host) {
    host.handle(PROTOCOL, Ping::answer);
  }

  private static void answer(Stream stream) throws IOException {
    byte[] payload = new byte[PAYLOAD_BYTES];
    stream.setReadTimeout(IDLE_TIMEOUT);
    stream.setWriteTimeout(ANSWER_TIMEOUT);
    int n;
    while ((n = stream.read(payload, 0, 1)) >= 0) {
      stream.readFully(payload, n, PAYLOAD_BYTES - n);
      stream.write(payload);
    }
  }

  /** Sends one ping and waits for its answer. */
  public Duration measure() throws IOException {
    byte[] sent = new byte[PAYLOAD_BYTES];
    RANDOM.nextBytes(sent);
    byte[] received = new byte[PAYLOAD_BYTES];
    long start = time.nanoTime();
    stream.write(sent);
    stream.readFully(received, 0, PAYLOAD_BYTES);
    if (!Arrays.equals(sent, received)) {
      stream.reset(0);
      throw new IOException("the peer answered a ping with other bytes than it was sent");
    }
    return Duration.ofNanos(time.nanoTime() - start);
  }

  @Override
  public void close() {
    stream.close();
  }
}
