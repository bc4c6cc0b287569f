package dev.warren.libp2p.protocol.identify;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PeerRecord;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.protocol.identify.pb.IdentifyMessage;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every connected peer who it is, answers the same question, and pushes what changes here.
 *
 * <p>What a peer says goes into the host's peerstore, bounded; a signed record counts for more than
 * the unsigned list of addresses, and a bad record is dropped without failing the rest.
 */
public final class Identify implements HostListener {
  public static final String PROTOCOL = "/ipfs/id/1.0.0";
  public static final String PUSH_PROTOCOL = "/ipfs/id/push/1.0.0";

  private static final Logger log = LoggerFactory.getLogger(Identify.class);

  /** What go, rust and js say; it has lost its meaning otherwise. */
  private static final String PROTOCOL_VERSION = "ipfs/0.1.0";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Changes come in groups, such as all protocols of a program that starts. */
  private static final Duration PUSH_DELAY = Duration.ofMillis(50);

  private static final int MAX_PARALLEL_PUSHES = 16;
  private static final int MAX_ADDRESSES = 64;
  private static final int MAX_TEXT = 256;

  private final Host host;
  private final String agent;
  private final AtomicBoolean pushPlanned = new AtomicBoolean();
  private final Semaphore pushes = new Semaphore(MAX_PARALLEL_PUSHES);
  private final Map<Connection, PushAllowance> allowances = new ConcurrentHashMap<>();
  private final ReentrantLock signing = new ReentrantLock();
  private long recordSequence; // guarded by signing
  private @Nullable SealedRecord lastRecord; // guarded by signing

  /** A signature is much work to whoever answers each question with one. */
  private record SealedRecord(List<Multiaddr> addresses, ByteString bytes) {}

  private Identify(Host host, String agent) {
    this.host = host;
    this.agent = agent;
    // Milliseconds, so that a restarted host goes on above its earlier records.
    this.recordSequence = InstantSource.system().millis();
  }

  /** Makes the host identify its peers and itself. */
  public static void attach(Host host, String agent) {
    var identify = new Identify(host, agent);
    host.handle(PROTOCOL, identify::answer);
    host.handle(PUSH_PROTOCOL, identify::takePush);
    host.addListener(identify);
  }

  @Override
  public void connected(Connection connection) {
    allowances.put(connection, new PushAllowance(host.time()));
    Thread.ofVirtual().name("libp2p-identify").start(() -> ask(connection));
  }

  @Override
  public void disconnected(Connection connection, IOException cause) {
    allowances.remove(connection);
  }

  @Override
  public void protocolsChanged() {
    planPush();
  }

  @Override
  public void addressesChanged() {
    planPush();
  }

  private void ask(Connection connection) {
    converse(
        connection,
        PROTOCOL,
        stream -> {
          stream.closeWrite();
          learn(connection, IdentifyMessages.read(stream));
        });
  }

  private void answer(Stream stream) throws IOException {
    try (var _ = limit(stream)) {
      IdentifyMessages.write(stream, describe(stream.connection()));
    }
  }

  private void takePush(Stream stream) throws IOException {
    PushAllowance allowance = allowances.get(stream.connection());
    if (allowance == null || !allowance.take()) {
      throw new IOException("the peer pushes too often");
    }
    try (var _ = limit(stream)) {
      learn(stream.connection(), IdentifyMessages.read(stream));
    }
  }

  private void converse(Connection connection, String protocol, StreamHandler ours) {
    Stream stream = null;
    try {
      stream = connection.open(protocol);
      try (var _ = limit(stream)) {
        ours.handle(stream);
        stream.close();
      }
    } catch (IOException e) {
      log.debug("{} with {} failed: {}", protocol, connection.remotePeer(), e.toString());
      if (stream != null) {
        stream.reset(0);
      }
    }
  }

  /** For all that is said on a stream, however the peer spreads its bytes. */
  private TimeSource.Scheduled limit(Stream stream) {
    return host.time().after(TIMEOUT, () -> stream.reset(0));
  }

  private void planPush() {
    if (pushPlanned.compareAndSet(false, true)) {
      host.time()
          .after(
              PUSH_DELAY,
              () -> {
                pushPlanned.set(false);
                pushToAll();
              });
    }
  }

  private void pushToAll() {
    for (Connection connection : host.connections()) {
      boolean listens =
          host.peerstore()
              .info(connection.remotePeer())
              .filter(info -> info.protocols().contains(PUSH_PROTOCOL))
              .isPresent();
      if (listens) {
        pushes.acquireUninterruptibly();
        Thread.ofVirtual()
            .name("libp2p-push")
            .start(
                () -> {
                  try {
                    push(connection);
                  } finally {
                    pushes.release();
                  }
                });
      }
    }
  }

  private void push(Connection connection) {
    converse(
        connection, PUSH_PROTOCOL, stream -> IdentifyMessages.write(stream, describe(connection)));
  }

  /** What we say of ourselves to the other end of the connection. */
  private IdentifyMessage describe(Connection connection) {
    List<Multiaddr> addresses = host.addresses();
    var message =
        IdentifyMessage.newBuilder()
            .setProtocolVersion(PROTOCOL_VERSION)
            .setAgentVersion(agent)
            .setPublicKey(ByteString.copyFrom(host.identity().publicKey().toProtobuf()))
            .setObservedAddr(ByteString.copyFrom(connection.remoteAddress().toBytes()))
            .addAllProtocols(host.protocols());
    addresses.forEach(address -> message.addListenAddrs(ByteString.copyFrom(address.toBytes())));
    if (!addresses.isEmpty()) {
      message.setSignedPeerRecord(recordOf(addresses));
    }
    return message.build();
  }

  private ByteString recordOf(List<Multiaddr> addresses) {
    signing.lock();
    try {
      SealedRecord last = lastRecord;
      if (last == null || !last.addresses().equals(addresses)) {
        var record = new PeerRecord(host.peerId(), ++recordSequence, addresses);
        byte[] sealed = record.seal(host.identity()).toBytes();
        last = new SealedRecord(addresses, ByteString.copyFrom(sealed));
        lastRecord = last;
      }
      return last.bytes();
    } finally {
      signing.unlock();
    }
  }

  /** Takes over what the peer says. A push may hold only what has changed. */
  private void learn(Connection connection, IdentifyMessage message) {
    PeerId peer = connection.remotePeer();
    Optional<PeerInfo> before = host.peerstore().info(peer);
    Set<String> protocols =
        message.getProtocolsCount() == 0
            ? before.map(PeerInfo::protocols).orElse(Set.of())
            : message.getProtocolsList().stream()
                .filter(protocol -> protocol.length() <= MAX_TEXT)
                .collect(Collectors.toSet());
    var info =
        new PeerInfo(
            message.hasAgentVersion()
                ? bounded(message.getAgentVersion())
                : before.map(PeerInfo::agent).orElse(""),
            message.hasProtocolVersion()
                ? bounded(message.getProtocolVersion())
                : before.map(PeerInfo::protocolVersion).orElse(""),
            protocols);
    List<Multiaddr> addresses =
        signedAddresses(peer, message).orElseGet(() -> parse(message.getListenAddrsList()));
    if (!addresses.isEmpty()) {
      host.peerstore().setAddresses(peer, addresses);
    }
    if (message.hasObservedAddr()) {
      parse(List.of(message.getObservedAddr())).forEach(connection::setObservedAddress);
    }
    host.peerstore().setInfo(peer, info); // whoever sees it finds the rest
    host.observe(listener -> listener.identified(peer, info));
  }

  private static Optional<List<Multiaddr>> signedAddresses(PeerId peer, IdentifyMessage message) {
    if (!message.hasSignedPeerRecord()) {
      return Optional.empty();
    }
    try {
      PeerRecord record = PeerRecord.open(message.getSignedPeerRecord().toByteArray());
      if (record.peer().equals(peer)) {
        return Optional.of(record.addresses().stream().limit(MAX_ADDRESSES).toList());
      }
      log.debug("{} sent the record of another peer, {}", peer, record.peer());
    } catch (InvalidEnvelopeException | MalformedException e) {
      log.debug("{} sent a bad record: {}", peer, e.getMessage());
    }
    return Optional.empty();
  }

  /** Addresses that we cannot read may be of a newer kind; they say nothing against the others. */
  private static List<Multiaddr> parse(List<ByteString> addresses) {
    var parsed = new ArrayList<Multiaddr>();
    for (ByteString address : addresses.subList(0, Math.min(MAX_ADDRESSES, addresses.size()))) {
      try {
        parsed.add(Multiaddr.fromBytes(address.toByteArray()));
      } catch (MalformedException e) {
        log.debug("skipping an address: {}", e.getMessage());
      }
    }
    return parsed;
  }

  private static String bounded(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
