package dev.warren.libp2p.nat.portmap;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the router in front of this machine forward the ports that a host listens on, and advertises
 * where that makes the host reachable. What was mapped is renewed, and taken back at the end.
 */
public final class PortMapper implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(PortMapper.class);

  /** Of what is forgotten after the process was killed, the router is rid in that time. */
  private static final Duration LIFETIME = Duration.ofHours(1);

  /** Far more often than necessary: not every router tells that it has forgotten something. */
  private static final Duration RENEWAL = Duration.ofMinutes(5);

  /** How often the router is asked whether it was restarted, and this machine where it is. */
  private static final Duration CHECK = Duration.ofSeconds(30);

  /** A router that was restarted is back after a minute or two. */
  private static final Duration RETRY = Duration.ofSeconds(15);

  /** Ports change in groups, as a host starts. */
  private static final Duration SETTLING = Duration.ofMillis(200);

  private static final long MAX_WAIT_MILLIS = 500;

  private final Host host;
  private final GatewaySearch search;
  private final HostListener changes = new Changes();
  private final ReentrantLock planning = new ReentrantLock();
  private TimeSource.Scheduled next = () -> {}; // guarded by planning
  private volatile boolean closed; // written under planning
  private final ReentrantLock working = new ReentrantLock(); // held for as long as routers take
  private @Nullable Gateway gateway; // guarded by working
  private String protocol = ""; // guarded by working
  private final Map<Port, Lease> leases = new LinkedHashMap<>(); // guarded by working
  private Optional<String> refusal = Optional.empty(); // guarded by working
  private long renewalNanos; // guarded by working
  private volatile @Nullable InetAddress local;
  private volatile Set<Port> wanted = Set.of();
  private volatile PortMappingState state = new PortMappingState.Searching();

  /** A port that this machine listens on. */
  private record Port(PortMapping.Kind kind, int number) {}

  /** What the router keeps until then, whether it answers or not. */
  private record Lease(PortMapping mapping, long endNanos) {}

  private PortMapper(Host host, GatewaySearch search) {
    this.host = host;
    this.search = search;
  }

  /** Begins with it in the background. */
  public static PortMapper attach(Host host) {
    return attach(host, GatewaySearch.ofSystem(host.time()));
  }

  static PortMapper attach(Host host, GatewaySearch search) {
    var mapper = new PortMapper(host, search);
    host.advertise(mapper::addresses);
    host.addListener(mapper.changes);
    mapper.plan(SETTLING);
    return mapper;
  }

  /** How it stands. */
  public PortMappingState state() {
    return state;
  }

  /** Where the mappings make the host reachable for the internet. */
  public List<Multiaddr> addresses() {
    return state instanceof PortMappingState.Mapped(_, List<PortMapping> mappings, _)
        ? mappings.stream()
            .filter(mapping -> IpRanges.isPublic(mapping.external().getAddress()))
            .map(PortMapper::address)
            .toList()
        : List.of();
  }

  private static Multiaddr address(PortMapping mapping) {
    return switch (mapping.kind()) {
      case TCP -> Multiaddr.ofTcp(mapping.external());
      case UDP -> Multiaddr.ofUdp(mapping.external()).with(Protocol.QUIC_V1);
    };
  }

  private void plan(Duration delay) {
    planning.lock();
    try {
      next.cancel();
      if (!closed) {
        next = host.time().after(delay, this::work);
      }
    } finally {
      planning.unlock();
    }
  }

  private void work() {
    Duration pause = RENEWAL;
    working.lock();
    try {
      if (!closed) {
        pause = turn();
      }
      if (closed) { // perhaps only now
        unmap();
      }
    } finally {
      working.unlock();
      plan(pause);
    }
  }

  /** Does what is due, and tells when to look again. */
  private Duration turn() {
    leases.values().removeIf(lease -> lease.endNanos() - host.time().nanoTime() <= 0);
    Gateway router = gateway;
    if (router != null && !isHere(router.localAddress())) { // this is another network
      forget();
      leases.clear();
    }
    try {
      if (gateway == null) {
        refusal = Optional.empty();
        gateway = search.find(this::serves).orElse(null);
      } else {
        renew(gateway);
      }
    } catch (IOException | RuntimeException e) { // whatever a router makes of it
      log.info("the router does not answer: {}", e.toString());
      forget(); // what it has mapped it keeps
    }
    show(found());
    if (gateway != null) {
      return shortest(CHECK, Duration.ofNanos(renewalNanos - host.time().nanoTime()));
    }
    return leases.isEmpty() || refusal.isPresent() ? RENEWAL : RETRY;
  }

  private static Duration shortest(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static boolean isHere(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException _) {
      return false;
    }
  }

  private boolean serves(Gateway router) {
    try {
      local = router.localAddress();
      return map(router, false);
    } catch (IOException | RuntimeException e) {
      log.info("{} maps no port: {}", router.name(), e.toString());
      return false;
    }
  }

  private void renew(Gateway router) throws IOException {
    boolean forgotten = !leases.isEmpty() && !router.keeps(mappings());
    boolean due = renewalNanos - host.time().nanoTime() <= 0;
    boolean changed = !ports(router.localAddress()).equals(wanted);
    if ((forgotten || due || changed) && !map(router, forgotten)) {
      forget();
    }
  }

  /**
   * Asks for all ports, each for itself.
   *
   * @param forgotten whether the router has lost what it mapped before
   * @return false if it gives none
   */
  private boolean map(Gateway router, boolean forgotten) throws IOException {
    Set<Port> ports = ports(router.localAddress());
    wanted = ports;
    protocol = router.name();
    leases.keySet().retainAll(ports);
    Optional<String> refused = Optional.empty();
    Duration pause = RENEWAL;
    boolean any = ports.isEmpty();
    for (Port port : ports) {
      Lease before = leases.get(port);
      int wish = before == null ? port.number() : before.mapping().externalPort();
      try {
        PortMapping mapping = router.map(port.kind(), port.number(), wish, LIFETIME);
        log.debug("{} maps {}", router.name(), mapping);
        leases.put(port, new Lease(mapping, host.time().nanoTime() + nanos(mapping.lifetime())));
        pause = shortest(pause, mapping.lifetime().dividedBy(2));
        any = true;
      } catch (PortMappingRefusedException e) {
        refused = Optional.of(String.valueOf(e.getMessage()));
        if (forgotten) {
          leases.remove(port);
        }
      }
    }
    refusal = refused;
    renewalNanos = host.time().nanoTime() + Math.max(pause.toNanos(), RETRY.toNanos());
    return any;
  }

  /** A router may say up to 136 years. */
  private static long nanos(Duration lifetime) {
    return shortest(lifetime, Duration.ofDays(1)).toNanos();
  }

  private PortMappingState found() {
    if (gateway != null || !leases.isEmpty()) {
      return new PortMappingState.Mapped(protocol, mappings(), refusal);
    }
    return refusal
        .<PortMappingState>map(PortMappingState.Refused::new)
        .orElseGet(PortMappingState.NoRouter::new);
  }

  private void show(PortMappingState found) {
    List<Multiaddr> before = addresses();
    state = found;
    if (!addresses().equals(before)) {
      host.observe(HostListener::addressesChanged);
    }
  }

  private List<PortMapping> mappings() {
    return leases.values().stream().map(Lease::mapping).toList();
  }

  /** What the host listens on where the router can send to. */
  private Set<Port> ports(InetAddress local) {
    return host.addresses().stream()
        .filter(address -> address.ip().filter(local::equals).isPresent())
        .flatMap(PortMapper::port)
        .collect(Collectors.toSet());
  }

  private static Stream<Port> port(Multiaddr address) {
    List<Protocol> protocols = address.withoutPeer().protocols();
    if (protocols.equals(List.of(Protocol.IP4, Protocol.TCP))) {
      return Stream.of(new Port(PortMapping.Kind.TCP, address.port().orElseThrow()));
    }
    return protocols.equals(List.of(Protocol.IP4, Protocol.UDP, Protocol.QUIC_V1))
        ? Stream.of(new Port(PortMapping.Kind.UDP, address.port().orElseThrow()))
        : Stream.empty();
  }

  private void forget() {
    Gateway router = gateway;
    if (router != null) {
      router.close();
      gateway = null;
    }
  }

  /** Takes all mappings back, unless a router keeps us waiting. */
  @Override
  public void close() {
    host.removeListener(changes);
    planning.lock();
    try {
      closed = true;
      next.cancel();
    } finally {
      planning.unlock();
    }
    try {
      if (working.tryLock(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        try {
          unmap();
        } finally {
          working.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unmap() {
    Gateway router = gateway;
    if (router == null) {
      return;
    }
    try {
      for (PortMapping mapping : mappings()) {
        router.unmap(mapping);
      }
    } catch (IOException e) {
      log.info("the router keeps the ports for {} at most: {}", LIFETIME, e.toString());
    }
    leases.clear();
    state = new PortMappingState.Searching();
    forget();
  }

  private final class Changes implements HostListener {
    @Override
    public void addressesChanged() {
      InetAddress here = local;
      if (here != null && !ports(here).equals(wanted)) {
        plan(SETTLING);
      }
    }
  }
}
