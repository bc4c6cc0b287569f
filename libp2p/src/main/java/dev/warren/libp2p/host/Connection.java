package dev.warren.libp2p.host;

import dev.warren.libp2p.host.ResourceLedger.Permit;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.negotiate.MultistreamSelect;
import dev.warren.libp2p.negotiate.NegotiationException;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A secured connection to a peer, over which both ends open streams. */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private final Host host;
  private final MuxedConnection muxed;
  private final PeerId remotePeer;
  private final PublicKey remoteKey;
  private final Multiaddr localAddress;
  private final Multiaddr remoteAddress;
  private final boolean outbound;
  private final boolean earlyMuxer;
  private final boolean limited;
  private final Permit permit;

  private final long openedNanos;

  private volatile boolean open = true;
  private volatile @Nullable Multiaddr observedAddress;

  /** Whether the last sweep saw no streams, and since when; owned by the sweep. */
  private boolean idle;

  private long idleSinceNanos;

  Connection(Host host, SecuredConnection secured, boolean outbound, Permit permit, long nowNanos) {
    this.host = host;
    this.muxed = secured.muxed();
    this.remotePeer = secured.remotePeer();
    this.remoteKey = secured.remoteKey();
    this.localAddress = secured.localAddress();
    this.remoteAddress = secured.remoteAddress();
    this.outbound = outbound;
    this.earlyMuxer = secured.earlyMuxer();
    this.limited = secured.limited();
    this.permit = permit;
    this.openedNanos = nowNanos;
  }

  /** The peer at the other end. */
  public PeerId remotePeer() {
    return remotePeer;
  }

  /** The key that the peer proved to hold. */
  public PublicKey remoteKey() {
    return remoteKey;
  }

  /** Our end. */
  public Multiaddr localAddress() {
    return localAddress;
  }

  /** The peer's end. */
  public Multiaddr remoteAddress() {
    return remoteAddress;
  }

  /** Whether we dialed. */
  public boolean outbound() {
    return outbound;
  }

  /** Whether the ends agreed on the multiplexer within the handshake, saving a round trip. */
  public boolean earlyMuxer() {
    return earlyMuxer;
  }

  /** Whether it leads through a relay. */
  public boolean isRelayed() {
    return remoteAddress.isCircuit();
  }

  /** Whether a relay cuts it off soon, so that it is good for few words only. */
  public boolean isLimited() {
    return limited;
  }

  public boolean isOpen() {
    return open;
  }

  /** Whether it leads through a relay while there is another to the same peer that does not. */
  public boolean isSuperseded() {
    return isRelayed()
        && host.connections(remotePeer).stream()
            .anyMatch(other -> other.isOpen() && !other.isRelayed());
  }

  /** The number of streams that are open, ours and the peer's. */
  public int streamCount() {
    return muxed.streamCount();
  }

  /** Our end as the peer sees it, once it has said so. */
  public Optional<Multiaddr> observedAddress() {
    return Optional.ofNullable(observedAddress);
  }

  /** Remembers as what address the peer sees our end. */
  public void setObservedAddress(Multiaddr address) {
    observedAddress = address;
  }

  /**
   * Opens a stream for the first of the protocols that the peer speaks.
   *
   * <p>A single protocol costs no round trip: it is offered with the first bytes written, and a
   * refusal shows as {@link NegotiationException} from the first read. Of several, the one that the
   * peer is known to speak is taken in the same way; otherwise they are offered in turn.
   */
  public Stream open(String... protocols) throws IOException {
    MuxedStream stream = muxed.openStream();
    try {
      Optional<String> sure = choose(List.of(protocols));
      if (sure.isPresent()) {
        return new Stream(stream, MultistreamSelect.lazy(stream, sure.get()), sure.get(), this);
      }
      String chosen = inTime(stream, () -> MultistreamSelect.select(stream, List.of(protocols)));
      return new Stream(stream, stream, chosen, this);
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    }
  }

  private Optional<String> choose(List<String> protocols) {
    if (protocols.size() == 1) {
      return Optional.of(protocols.getFirst());
    }
    return host.peerstore()
        .info(remotePeer)
        .flatMap(info -> protocols.stream().filter(info.protocols()::contains).findFirst());
  }

  /** Measures one round trip of the connection itself. */
  public Duration ping() throws IOException {
    return muxed.ping();
  }

  /** Ends the connection and all of its streams. */
  public void close() {
    open = false;
    muxed.close();
  }

  /**
   * Begins to end the connection, on the thread that is returned: a goodbye to a peer that does not
   * listen takes a second.
   */
  Thread beginClose() {
    open = false;
    return Thread.ofVirtual().name("libp2p-close").start(muxed::close);
  }

  /** Reads until the connection ends; on the calling thread. */
  IOException run() {
    try {
      return muxed.run(this::accept);
    } catch (RuntimeException | Error e) {
      // A fault of ours; this connection cannot go on, the others must.
      log.error("the connection with {} met a fault", remotePeer, e);
      return new ConnectionClosedException("an internal fault ended the connection", e);
    } finally {
      open = false;
      muxed.close();
      permit.close();
    }
  }

  TimeSource time() {
    return host.time();
  }

  /** Permits are taken before the thread is started: a flood costs nothing but its refusal. */
  private boolean accept(MuxedStream stream) {
    Permit taken;
    try {
      taken = host.ledger().stream(remotePeer);
    } catch (LimitExceededException e) {
      log.debug("refusing a stream of {}: {}", remotePeer, e.getMessage());
      return false;
    }
    Thread.ofVirtual()
        .name("libp2p-stream")
        .start(
            () -> {
              try (taken) {
                serve(stream);
              }
            });
    return true;
  }

  private void serve(MuxedStream stream) {
    boolean served = false;
    try {
      String protocol = inTime(stream, () -> MultistreamSelect.answer(stream, host::handles));
      host.handlerOf(protocol).handle(new Stream(stream, stream, protocol, this));
      served = true;
    } catch (IOException | MalformedException e) {
      log.debug("a stream of {} ended: {}", remotePeer, e.toString());
    } catch (RuntimeException e) {
      log.warn("the handler of a stream of {} met a fault", remotePeer, e);
    } finally {
      if (served) {
        stream.close();
      } else {
        stream.reset(0);
      }
    }
  }

  /** Either end's part in agreeing on a protocol. */
  @FunctionalInterface
  private interface Negotiation {
    String run() throws IOException;
  }

  /**
   * Bounded as a whole: a peer that lets each single byte wait gets no more time than any other.
   */
  private String inTime(MuxedStream stream, Negotiation negotiation) throws IOException {
    Duration timeout = host.limits().handshakeTimeout();
    try (var _ = host.time().after(timeout, () -> stream.reset(0))) {
      return negotiation.run();
    } catch (StreamResetException e) {
      throw e.remote()
          ? e
          : new SocketTimeoutException(
              "no protocol was agreed on within " + timeout.toSeconds() + " s");
    }
  }

  Duration age(long nowNanos) {
    return Duration.ofNanos(nowNanos - openedNanos);
  }

  /** Called by the sweep: how long this has been without streams. */
  Duration idleFor(long nowNanos) {
    if (muxed.streamCount() > 0) {
      idle = false;
      return Duration.ZERO;
    }
    if (!idle) {
      idle = true;
      idleSinceNanos = nowNanos;
    }
    return Duration.ofNanos(nowNanos - idleSinceNanos);
  }

  /** Called by the sweep. */
  void trim() {
    muxed.trim();
  }

  /** Of two connections that the ends dialed to each other, both prefer this one. */
  boolean isCanonical() {
    return outbound == (host.peerId().compareTo(remotePeer) < 0);
  }

  long openedNanos() {
    return openedNanos;
  }

  @Override
  public String toString() {
    return (outbound ? "to " : "from ") + remotePeer + " at " + remoteAddress;
  }
}
