package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.content.BoxSealer;
import dev.warren.protocols.transfer.content.BoxWarmUp;
import dev.warren.protocols.transfer.serve.ServedShare.Admission;
import dev.warren.protocols.transfer.session.Acceptance;
import dev.warren.protocols.transfer.session.Opening;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.protocols.transfer.session.SessionServer;
import dev.warren.protocols.transfer.session.Token;
import dev.warren.protocols.transfer.session.TransferProtocol;
import dev.warren.sharecodes.ShareId;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves shares to receivers. One for a host. */
public final class TransferServer implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(TransferServer.class);

  private final Host host;
  private final ShareCatalog shares;
  private final InstantSource clock;
  private final TimeSource time;
  private final SessionServer sessions;
  private final Visits visits;
  private final Map<ServedShare, Swarm> swarms = new ConcurrentHashMap<>();

  /** For the boxes of all receivers: as many as a quarter of the memory has room for; fair. */
  private final Semaphore boxPlaces =
      new Semaphore(
          Math.clamp(Runtime.getRuntime().maxMemory() / 4 / BoxSealer.BYTES, 32, 512), true);

  private volatile boolean closed;

  private TransferServer(Host host, ShareCatalog shares, InstantSource clock, TimeSource time) {
    this.host = host;
    this.shares = shares;
    this.clock = clock;
    this.time = time;
    sessions = new SessionServer(host.peerId(), time);
    visits = new Visits(time);
  }

  /** Serves these shares at a host until closed. */
  public static TransferServer start(Host host, ShareCatalog shares) {
    return start(host, shares, InstantSource.system(), host.time());
  }

  static TransferServer start(
      Host host, ShareCatalog shares, InstantSource clock, TimeSource time) {
    BoxWarmUp.start();
    var server = new TransferServer(host, shares, clock, time);
    host.handle(TransferProtocol.ID, server::handle);
    return server;
  }

  /** Forgets a share that is in the catalog no more, and ends its streams. */
  public void end(ServedShare share) {
    visits.end(visit -> visit.share().equals(share));
    swarms.remove(share);
  }

  /** Ends all streams of a receiver. Whether it may come back is for the shares to say. */
  public void end(PeerId receiver) {
    visits.end(visit -> visit.receiver().equals(receiver));
  }

  /** Ends all streams, and serves no more. */
  @Override
  public void close() {
    closed = true;
    host.unhandle(TransferProtocol.ID);
    visits.end(visit -> true);
  }

  private void handle(Stream stream) throws IOException {
    stream.setWriteTimeout(TransferProtocol.WRITE_TIMEOUT);
    try {
      Opening opening = sessions.open(stream, id -> shares.find(id).map(ServedShare::key));
      try {
        serve(stream, opening);
      } catch (RefusedException e) {
        opening.refuse(e);
        throw e;
      }
    } catch (RefusedException told) {
      // Returning closes the stream, so the refusal arrives; throwing would reset it.
      log.debug("{} was refused: {}", stream.remotePeer(), told.getMessage());
    }
  }

  private void serve(Stream stream, Opening opening) throws IOException {
    ServedShare share = find(opening.share());
    boolean ours = share.sharer().equals(host.identity().publicKey());
    if (!ours) {
      opening
          .token()
          .orElseThrow(Token::notApproved)
          .check(share.sharer(), share.id(), opening.receiver(), clock.instant());
    }
    Visit visit = visits.enter(share, opening.receiver());
    try {
      // It may have ended before the visit could be seen to be ended with it.
      find(opening.share());
      visit.add(opening.purpose(), stream);
      Admission admission = visit.admission(() -> tellToWait(opening));
      switch (opening.purpose()) {
        case FOLLOW -> follow(opening, visit, admission, ours);
        case DATA -> data(stream, opening, share, admission);
      }
    } finally {
      visit.remove(opening.purpose(), stream);
      visits.leave(visit);
    }
  }

  private ServedShare find(ShareId id) throws RefusedException {
    return shares
        .find(id)
        .filter(found -> !closed)
        .orElseThrow(
            () -> new RefusedException(RefusedException.Reason.UNKNOWN, "the share has ended"));
  }

  private static void tellToWait(Opening opening) {
    try {
      opening.waiting();
    } catch (IOException e) {
      log.debug("{} cannot be told to wait: {}", opening.receiver(), e.toString());
    }
  }

  private void follow(Opening opening, Visit visit, Admission admission, boolean ours)
      throws IOException {
    ServedShare share = visit.share();
    Optional<Token> token =
        ours
            ? Optional.of(
                Token.issue(host.identity(), share.id(), opening.receiver(), admission.expires()))
            : Optional.empty();
    var answer = opening.follow(acceptance(share, token));
    Optional<Swarm.Member> member =
        ours
            ? Optional.of(swarms.computeIfAbsent(share, _ -> new Swarm()).join(opening.receiver()))
            : Optional.empty();
    new FollowService(share, member, admission, visit::expectNoReturn, answer, time).run();
  }

  private static Acceptance acceptance(ServedShare share, Optional<Token> token) {
    return new Acceptance(share.sharer(), share.name(), share.description(), token);
  }

  private void data(Stream stream, Opening opening, ServedShare share, Admission admission)
      throws IOException {
    var answer = opening.data(acceptance(share, Optional.empty()));
    try (var place = new BoxPlace(boxPlaces, time)) {
      new DataService(share, admission, answer, () -> stream.reset(0), place, time).run();
    }
  }
}
