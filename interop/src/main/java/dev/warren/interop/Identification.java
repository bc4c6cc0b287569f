package dev.warren.interop;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PeerRecord;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.protocol.identify.Identify;
import dev.warren.libp2p.protocol.identify.pb.IdentifyMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for what identify learns about peers. */
final class Identification implements HostListener {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * What is known of the other end of a connection.
   *
   * @param addresses where it listens
   * @param observed our address as it sees it
   * @param signedRecord whether it sends a peer record of its own with a valid signature
   */
  record Identified(
      PeerInfo info,
      List<Multiaddr> addresses,
      Optional<Multiaddr> observed,
      boolean signedRecord) {}

  private final Host host;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition identified = lock.newCondition();

  Identification(Host host) {
    this.host = host;
  }

  @Override
  public void identified(PeerId peer, PeerInfo info) {
    lock.lock();
    try {
      identified.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Identified of(Connection connection) throws IOException {
    PeerInfo info = await(connection);
    IdentifyMessage message = ask(connection);
    // The host also knows at what address it dialed, so only those that it was told count.
    List<Multiaddr> told =
        message.getListenAddrsList().stream()
            .map(address -> Multiaddr.fromBytes(address.toByteArray()))
            .filter(host.peerstore().addresses(connection.remotePeer())::contains)
            .toList();
    return new Identified(
        info, told, connection.observedAddress(), hasSignedRecord(connection, message));
  }

  /**
   * What was learnt on an earlier connection does not count, and this one's observation shows it.
   */
  private PeerInfo await(Connection connection) throws IOException {
    lock.lock();
    try {
      long left = TIMEOUT.toNanos();
      while (true) {
        Optional<PeerInfo> info = host.peerstore().info(connection.remotePeer());
        if (info.isPresent() && (connection.observedAddress().isPresent() || left <= 0)) {
          return info.get();
        }
        if (left <= 0) {
          throw new IOException("nothing identified about " + connection.remotePeer());
        }
        left = identified.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while a peer identifies itself");
    } finally {
      lock.unlock();
    }
  }

  /** A host uses what it is told without showing all of it, so the peer is asked once more here. */
  private static IdentifyMessage ask(Connection connection) throws IOException {
    Stream stream = connection.open(Identify.PROTOCOL);
    try {
      stream.setReadTimeout(TIMEOUT);
      stream.closeWrite();
      InputStream in = stream.input();
      var message = IdentifyMessage.newBuilder();
      while (message.mergeDelimitedFrom(in)) {
        // A message may come in several parts.
      }
      return message.build();
    } finally {
      stream.close();
    }
  }

  private static boolean hasSignedRecord(Connection connection, IdentifyMessage message)
      throws IOException {
    try {
      return message.hasSignedPeerRecord()
          && PeerRecord.open(message.getSignedPeerRecord().toByteArray())
              .peer()
              .equals(connection.remotePeer());
    } catch (InvalidEnvelopeException | MalformedException e) {
      throw new IOException("the peer's signed record is bad: " + e.getMessage(), e);
    }
  }
}
