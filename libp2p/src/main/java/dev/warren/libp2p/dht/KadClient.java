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
import java.util.concurrent.atomic.LongAdder;

/** Asks other peers. */
final class KadClient {
  /** For what is said on a stream, however the peer spreads its bytes. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Host host;
  private final String protocol;
  private final Patience patience = new Patience();
  private final LongAdder questions = new LongAdder();
  private final LongAdder answers = new LongAdder();

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

  /**
   * Asks and waits for the answer. Our side is closed behind it (libp2p/specs kad-dht, "RPC
   * messages") and no sooner, since js-libp2p does not answer a request that has ended before it
   * has begun to read it.
   */
  Response ask(Contact contact, Request request, Call call) throws IOException {
    long begun = host.time().nanoTime();
    try {
      Response response = exchange(contact, request, call);
      questions.increment();
      answers.increment();
      return response;
    } catch (IOException e) {
      // A look-up that is over gives up even those who had longer than peers take.
      if (!call.isCancelled() || host.time().nanoTime() - begun >= patienceNanos(contact)) {
        questions.increment();
      }
      throw e;
    }
  }

  private Response exchange(Contact contact, Request request, Call call) throws IOException {
    boolean connected = isConnected(contact.peer());
    long start = host.time().nanoTime();
    Connection connection = call.connect(host, contact);
    Stream stream = call.open(connection, protocol);
    try (var _ = host.time().after(TIMEOUT, () -> stream.reset(0))) {
      Frames.write(stream, KadCodec.encode(request));
      byte[] answer = readAnswer(stream);
      stream.close();
      patience.observe(connected, host.time().nanoTime() - start);
      return KadCodec.decodeResponse(request, answer);
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    }
  }

  /** How many questions had time to be answered; what was to be stored is not one. */
  long questions() {
    return questions.sum();
  }

  /** How many of them were. */
  long answers() {
    return answers.sum();
  }

  /**
   * Has all of these stored. They have no answers, so a question comes last: whoever answers that
   * has taken them all, since a stream is served in turn, and whoever refuses one resets the
   * stream. A peer that answers a record after all, as IPFS's text wants it, takes them too.
   */
  void store(Contact contact, List<Request.AddProvider> requests, Call call) throws IOException {
    Connection connection = call.connect(host, contact);
    Stream stream = call.open(connection, protocol);
    try (var _ = host.time().after(TIMEOUT, () -> stream.reset(0))) {
      for (Request request : requests) {
        Frames.write(stream, KadCodec.encode(request));
      }
      Frames.write(stream, KadCodec.encode(new Request.FindNode(requests.getLast().target())));
      readAnswer(stream);
      stream.close();
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    }
  }

  private static byte[] readAnswer(Stream stream) throws IOException {
    return Frames.read(stream, KadCodec.MAX_RESPONSE_BYTES)
        .orElseThrow(() -> new EOFException("the peer closed instead of answering"));
  }
}
