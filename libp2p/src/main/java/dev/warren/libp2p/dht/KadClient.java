package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.wire.Frames;
import dev.warren.libp2p.dht.wire.KadCodec;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Asks other peers. */
final class KadClient {
  /** For what is said on a stream, however the peer spreads its bytes. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Host host;
  private final String protocol;
  private final Patience patience = new Patience();

  KadClient(Host host, String protocol) {
    this.host = host;
    this.protocol = protocol;
  }

  /** After this an answer of the peer is not to be counted on. */
  long patienceNanos(Contact contact) {
    return patience.nanos(isConnected(contact.peer()));
  }

  /** After this an answer of a peer that has to be dialed is not to be counted on. */
  Duration patience() {
    return Duration.ofNanos(patience.nanos(false));
  }

  boolean isConnected(PeerId peer) {
    return !host.connections(peer).isEmpty();
  }

  /** Connects to the peer, which need not speak the protocol. */
  void dial(Contact contact, Call call) throws IOException {
    call.connect(host, contact);
  }

  /** Asks and waits for the answer. */
  Response ask(Contact contact, Request request, Call call) throws IOException {
    boolean connected = isConnected(contact.peer());
    long start = host.time().nanoTime();
    Connection connection = call.connect(host, contact);
    Stream stream = call.open(connection, protocol);
    try (var _ = host.time().after(TIMEOUT, () -> stream.reset(0))) {
      Frames.write(stream, KadCodec.encode(request));
      stream.closeWrite();
      byte[] answer =
          Frames.read(stream, KadCodec.MAX_RESPONSE_BYTES)
              .orElseThrow(() -> new EOFException("the peer closed instead of answering"));
      stream.close();
      patience.observe(connected, host.time().nanoTime() - start);
      return KadCodec.decodeResponse(request, answer);
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    }
  }

  /**
   * Has all of these stored. They have no answers, but a peer that refuses one resets the stream,
   * and one that has taken them all closes it when we do (which go, rust and js all keep to). A
   * peer that answers after all, as IPFS's text wants it, has taken them too.
   */
  void store(Contact contact, List<Request.AddProvider> requests, Call call) throws IOException {
    Connection connection = call.connect(host, contact);
    Stream stream = call.open(connection, protocol);
    try (var _ = host.time().after(TIMEOUT, () -> stream.reset(0))) {
      for (Request request : requests) {
        Frames.write(stream, KadCodec.encode(request));
      }
      stream.closeWrite();
      byte[] ignored = new byte[1024];
      while (stream.read(ignored, 0, ignored.length) >= 0) {
        // The end is what matters.
      }
      stream.close();
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    }
  }
}
