package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.wire.Frames;
import dev.warren.libp2p.dht.wire.KadCodec;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Serves the streams of others: as many requests on each as the peer likes. */
final class KadService implements StreamHandler {
  /** Within which a request has to come and be done with. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int MAX_STREAMS_PER_PEER = 64;

  private final KadServer server;
  private final TimeSource time;
  private final Allowances allowances = new Allowances();
  private final Map<PeerId, Integer> streams = new ConcurrentHashMap<>();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile boolean open = true;

  KadService(KadServer server, TimeSource time) {
    this.server = server;
    this.time = time;
  }

  /** While this is closed, requests on streams of before go without an answer. */
  void setOpen(boolean isOpen) {
    open = isOpen;
  }

  long answered() {
    return answered.sum();
  }

  long refused() {
    return refused.sum();
  }

  @Override
  public void handle(Stream stream) throws IOException {
    PeerId peer = stream.remotePeer();
    try {
      if (streams.merge(peer, 1, Integer::sum) > MAX_STREAMS_PER_PEER) {
        throw new RequestRefusedException("more than " + MAX_STREAMS_PER_PEER + " streams");
      }
      boolean more = true;
      while (more) {
        try (var _ = time.after(PATIENCE, () -> stream.reset(0))) {
          more = answerOne(stream);
        }
      }
    } catch (IOException e) {
      refused.increment();
      throw e; // which resets the stream
    } finally {
      streams.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private boolean answerOne(Stream stream) throws IOException {
    Optional<byte[]> frame = Frames.read(stream, KadCodec.MAX_REQUEST_BYTES);
    if (frame.isEmpty()) {
      return false;
    }
    PeerId peer = stream.remotePeer();
    Request request = KadCodec.decodeRequest(frame.get());
    int cost = request instanceof Request.PutValue ? Allowances.STORE_VALUE : Allowances.ASK;
    if (!open || !allowances.take(peer, cost, time.nanoTime())) {
      throw new RequestRefusedException(open ? "too many requests" : "a client does not answer");
    }
    Optional<Response> response = server.answer(peer, request);
    if (response.isPresent()) {
      Frames.write(stream, KadCodec.encode(request, response.get()));
    }
    answered.increment();
    return true;
  }
}
