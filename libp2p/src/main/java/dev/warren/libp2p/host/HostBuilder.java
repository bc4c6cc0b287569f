package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.mux.yamux.Yamux;
import dev.warren.libp2p.mux.yamux.YamuxSettings;
import dev.warren.libp2p.protocol.identify.Identify;
import dev.warren.libp2p.protocol.ping.Ping;
import dev.warren.libp2p.security.noise.Noise;
import dev.warren.libp2p.transport.MemoryBudget;
import dev.warren.libp2p.transport.Muxer;
import dev.warren.libp2p.transport.SecureTransport;
import dev.warren.libp2p.transport.Security;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.quic.QuicSettings;
import dev.warren.libp2p.transport.quic.QuicTransport;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a host. Everything has a default: a new Ed25519 identity, TCP with Noise and yamux, no
 * listening, and the protocols identify and ping.
 */
public final class HostBuilder {
  /**
   * From so many on, what each may hold when all are busy counts for more than the last percent.
   */
  private static final int MANY_CONNECTIONS = 4_096;

  private @Nullable PrivateKey identity;
  private @Nullable MemoryBudget receivedMemory;
  private final List<Multiaddr> listen = new ArrayList<>();
  private final List<Transport> transports = new ArrayList<>();
  private final Map<String, StreamHandler> handlers = new LinkedHashMap<>();
  private final List<HostListener> listeners = new ArrayList<>();
  private String agent = "warren-libp2p";
  private Limits limits = Limits.defaults();
  private long maxWindowGrowthBytes = Long.MAX_VALUE;
  private boolean earlyMuxer = true;
  private boolean quic;
  private TimeSource time = TimeSource.system();
  private NameResolver names = NameResolver.system();

  HostBuilder() {}

  /** The key that makes the host who it is. */
  public HostBuilder identity(PrivateKey key) {
    identity = key;
    return this;
  }

  /**
   * Adds addresses to listen on, such as {@code /ip4/0.0.0.0/tcp/4001}; port 0 picks a free one.
   */
  public HostBuilder listen(String... addresses) {
    for (String address : addresses) {
      listen.add(Multiaddr.parse(address));
    }
    return this;
  }

  /** Adds a transport; the first one added replaces the default. */
  public HostBuilder transport(Transport transport) {
    transports.add(transport);
    return this;
  }

  /**
   * Adds QUIC to the other transports. Where there is no library for this system the log says so
   * once, and the host does without: addresses of QUIC are then not listened on, and a dial goes
   * over TCP.
   */
  public HostBuilder quic() {
    quic = true;
    return this;
  }

  /** Serves a protocol from the very first connection on. */
  public HostBuilder handle(String protocol, StreamHandler handler) {
    handlers.put(protocol, handler);
    return this;
  }

  /** Tells the listener what happens, from the very first connection on. */
  public HostBuilder listener(HostListener listener) {
    listeners.add(listener);
    return this;
  }

  /** The name and version of the program, shown to peers. */
  public HostBuilder agent(String name) {
    agent = name;
    return this;
  }

  /** What the host accepts from others. */
  public HostBuilder limits(Limits accepted) {
    limits = accepted;
    return this;
  }

  /**
   * What the receive windows of all yamux streams may grow by together, an eighth of it on one
   * connection. A host that passes on what it receives has as much waiting as its windows allow,
   * however slow those are that it passes it to.
   */
  public HostBuilder maxWindowGrowth(long bytes) {
    maxWindowGrowthBytes = bytes;
    return this;
  }

  /** Whether to agree on the multiplexer within the Noise handshake, which saves a round trip. */
  public HostBuilder earlyMuxer(boolean enabled) {
    earlyMuxer = enabled;
    return this;
  }

  /** The time to go by. */
  public HostBuilder time(TimeSource source) {
    time = source;
    return this;
  }

  /** What looks names up. */
  public HostBuilder names(NameResolver resolver) {
    names = resolver;
    return this;
  }

  /**
   * Starts the host.
   *
   * @throws IOException when it cannot listen on one of the addresses; nothing is left open then
   */
  public Host start() throws IOException {
    Muxer muxer = new Yamux(muxerSettings(), time);
    Security noise = new Noise(identity(), earlyMuxer ? List.of(muxer.protocolId()) : List.of());
    Security security =
        limits.maxConnections() >= MANY_CONNECTIONS ? new FrugalSecurity(noise) : noise;
    var upgrader = new Upgrader(security, muxer, time, limits.handshakeTimeout());
    var host = new Host(this, upgrader);
    try {
      listeners.forEach(host::addListener);
      Ping.serve(host);
      Identify.attach(host, agent);
      handlers.forEach(host::handle);
      for (Multiaddr address : listen) {
        if (!address.has(Protocol.QUIC_V1) || QuicTransport.isAvailable()) {
          host.listen(address);
        }
      }
      host.start();
      return host;
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  YamuxSettings muxerSettings() {
    YamuxSettings defaults = YamuxSettings.defaults();
    // No single connection takes more than a quarter of what there is.
    long connectionBytes = limits.maxBufferedBytes() / 4;
    // Nor may a peer be invited to send what there is no room for: its streams would be reset.
    long allGrowthBytes = Math.min(limits.maxBufferedBytes(), maxWindowGrowthBytes);
    long growthBytes =
        Math.min(
            defaults.maxWindowGrowthBytes(),
            Math.min(connectionBytes / 2, maxWindowGrowthBytes / 8));
    return defaults
        .withMaxStreams(limits.maxStreamsPerPeer(), defaults.maxOutboundStreams())
        .withWindows(
            Math.clamp(growthBytes, YamuxSettings.FIRST_WINDOW_BYTES, defaults.maxWindowBytes()),
            growthBytes,
            new BoundedMemory(allGrowthBytes))
        .withBuffers(connectionBytes, receivedMemory());
  }

  private QuicSettings quicSettings() {
    long bytes = limits.maxBufferedBytes();
    // Half of it is left to those who have no room without: QUIC lets its peers wait.
    return QuicSettings.defaults()
        .withMaxStreams(limits.maxStreamsPerPeer())
        .withMemory(new BoundedMemory(bytes / 2, receivedMemory()), new BoundedMemory(bytes));
  }

  /** Of all connections, over whatever transport. */
  private MemoryBudget receivedMemory() {
    MemoryBudget memory = receivedMemory;
    if (memory == null) {
      memory = new BoundedMemory(limits.maxBufferedBytes());
      receivedMemory = memory;
    }
    return memory;
  }

  PrivateKey identity() {
    PrivateKey key = identity;
    if (key == null) {
      key = PrivateKey.generate(KeyType.ED25519);
      identity = key;
    }
    return key;
  }

  List<SecureTransport> transports(Upgrader upgrader) {
    var all = new ArrayList<SecureTransport>();
    List<Transport> raw = transports.isEmpty() ? List.of(new TcpTransport()) : transports;
    raw.forEach(transport -> all.add(new UpgradingTransport(transport, upgrader)));
    if (quic) {
      all.add(new QuicTransport(identity(), quicSettings(), time));
    }
    return all;
  }

  Limits limits() {
    return limits;
  }

  TimeSource time() {
    return time;
  }

  NameResolver names() {
    return names;
  }
}
