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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** Far more often than necessary, because a router that was restarted has forgotten all. */
  private static final Duration RENEWAL = Duration.ofMinutes(5);

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
  private volatile @Nullable InetAddress local;
  private volatile PortMappingState state = new PortMappingState.Searching();

  /** A port that this machine listens on. */
  private record Port(PortMapping.Kind kind, int number) {}

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
    return state instanceof PortMappingState.Mapped(_, List<PortMapping> mappings)
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
    working.lock();
    try {
      if (!closed) {
        show(mapped());
      }
      if (closed) { // perhaps only now
        unmap();
      }
    } finally {
      working.unlock();
    }
    plan(RENEWAL);
  }

  private void show(PortMappingState found) {
    List<Multiaddr> before = addresses();
    state = found;
    if (!addresses().equals(before)) {
      host.observe(HostListener::addressesChanged);
    }
  }

  private PortMappingState mapped() {
    Gateway router = gateway;
    try {
      if (router == null) {
        Optional<Gateway> found = search.find();
        if (found.isEmpty()) {
          return new PortMappingState.NoRouter();
        }
        router = found.get();
        gateway = router;
        local = router.localAddress();
      }
      return new PortMappingState.Mapped(router.name(), map(router));
    } catch (PortMappingRefusedException e) {
      return new PortMappingState.Refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      log.info("no port mapping: {}", e.toString());
      forget();
      return new PortMappingState.NoRouter();
    }
  }

  private List<PortMapping> map(Gateway router) throws IOException {
    var mappings = new ArrayList<PortMapping>();
    List<PortMapping> before = mappings();
    for (Port port : ports(router.localAddress())) {
      int wish =
          before.stream()
              .filter(mapping -> new Port(mapping.kind(), mapping.internalPort()).equals(port))
              .map(PortMapping::externalPort)
              .findFirst()
              .orElse(port.number());
      PortMapping mapping = router.map(port.kind(), port.number(), wish, LIFETIME);
      log.debug("{} maps {}", router.name(), mapping);
      mappings.add(mapping);
    }
    return List.copyOf(mappings);
  }

  private List<PortMapping> mappings() {
    return state instanceof PortMappingState.Mapped(_, List<PortMapping> mappings)
        ? mappings
        : List.of();
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
    state = new PortMappingState.Searching();
    forget();
  }

  private final class Changes implements HostListener {
    @Override
    public void addressesChanged() {
      InetAddress here = local;
      if (here != null && mappings().size() != ports(here).size()) {
        plan(SETTLING);
      }
    }
  }
}
