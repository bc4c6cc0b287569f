package dev.warren.libp2p.nat.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PortMapperTest {
  private static final String PUBLIC = "11.1.2.3";

  private final ManualTime time = new ManualTime();
  private final FakeGateway router = new FakeGateway();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private volatile boolean present = true;
  private Host host;

  @BeforeEach
  void start() throws IOException {
    host = Host.builder().time(time).quic().listen("/ip4/127.0.0.1/tcp/0").start();
    host.addListener(
        new HostListener() {
          @Override
          public void addressesChanged() {
            said.add("changed");
          }
        });
  }

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void whatTheRouterForwardsIsAdvertised() throws Exception {
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");

      assertThat(mapper.addresses()).containsExactly(Multiaddr.parse("/ip4/11.1.2.3/tcp/50000"));
      assertThat(host.addresses()).containsAll(mapper.addresses());
      assertThat(mapper.state())
          .isInstanceOfSatisfying(
              PortMappingState.Mapped.class,
              mapped -> assertThat(mapped.protocol()).isEqualTo("fake"));
    }
    next("unmap 50000");
    next("closed");
    assertThat(host.addresses()).hasSize(1);
  }

  @Test
  void aRouterThatIsItselfBehindOneMakesNothingReachable() throws Exception {
    router.external = "192.168.7.7";
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      time.advance(Duration.ofMinutes(5));
      next("map TCP 50000");

      assertThat(mapper.addresses()).isEmpty();
      assertThat(mapper.state()).isInstanceOf(PortMappingState.Mapped.class);
    }
  }

  @Test
  void aMappingIsRenewedWithThePortThatWasGiven() throws Exception {
    try (PortMapper _ = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");
      router.next.set(1); // whatever is wished for is given
      time.advance(Duration.ofMinutes(5));
      next("map TCP 50000");
    }
  }

  @Test
  void aPortThatIsOpenedLaterIsMappedToo() throws Exception {
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");

      host.listen(Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"));
      next("changed");
      time.advance(Duration.ofSeconds(1));

      List<String> both = new ArrayList<>(List.of(take(), take()));
      both.sort(null);
      assertThat(both.get(0)).startsWith("map TCP");
      assertThat(both.get(1)).startsWith("map UDP");
      next("changed");
      assertThat(mapper.addresses())
          .extracting(Multiaddr::toString)
          .anyMatch(address -> address.endsWith("/quic-v1"));
    }
  }

  @Test
  void aRouterThatIsGoneIsLookedForAgain() throws Exception {
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");
      present = false;
      router.broken = true;
      time.advance(Duration.ofMinutes(1));
      next("closed");
      assertThat(mapper.addresses()).as("it may be back before they end").hasSize(1);
      time.advance(Duration.ofHours(1));
      next("changed");
      assertThat(mapper.state()).isInstanceOf(PortMappingState.NoRouter.class);
      assertThat(mapper.addresses()).isEmpty();

      present = true;
      router.broken = false;
      time.advance(Duration.ofMinutes(5));
      next("map TCP " + port());
      next("changed");
      assertThat(mapper.addresses()).hasSize(1);
    }
  }

  @Test
  void aRouterThatIsBackIsAskedAgainAtOnce() throws Exception {
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");
      router.broken = true;
      time.advance(Duration.ofSeconds(30));
      next("closed");
      router.broken = false;
      time.advance(Duration.ofSeconds(15));
      next("map TCP 50000");
      next("changed");
      assertThat(mapper.addresses()).containsExactly(Multiaddr.parse("/ip4/11.1.2.3/tcp/50001"));
    }
  }

  @Test
  void whatARouterHasForgottenIsMappedAgainSoon() throws Exception {
    try (PortMapper _ = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");
      time.advance(Duration.ofMinutes(1));
      assertThat(said).as("nothing was forgotten").isEmpty();
      router.forgetful = true;
      time.advance(Duration.ofSeconds(30));
      next("map TCP 50000");
    }
  }

  @Test
  void aPortThatIsRefusedLeavesTheOther() throws Exception {
    host.listen(Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"));
    next("changed");
    router.refused.add(PortMapping.Kind.UDP);
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");
      assertThat(mapper.addresses()).containsExactly(Multiaddr.parse("/ip4/11.1.2.3/tcp/50000"));
      assertThat(mapper.state())
          .isInstanceOfSatisfying(
              PortMappingState.Mapped.class,
              mapped -> assertThat(mapped.refusal()).contains("no room"));

      router.refused.add(PortMapping.Kind.TCP);
      time.advance(Duration.ofMinutes(5));
      next("closed");
      assertThat(mapper.addresses()).as("granted for an hour").hasSize(1);
      router.refused.clear();
      time.advance(Duration.ofMinutes(5));
      assertThat(List.of(take(), take()))
          .anyMatch(it -> it.equals("map TCP 50000"))
          .anyMatch(it -> it.startsWith("map UDP"));
      next("changed");
    }
    assertThat(List.of(take(), take())).allMatch(it -> it.startsWith("unmap"));
  }

  @Test
  void inAnotherNetworkAnotherRouterIsLookedFor() throws Exception {
    try (PortMapper mapper = attach()) {
      time.advance(Duration.ofSeconds(1));
      next("map TCP " + port());
      next("changed");
      router.local = InetAddress.ofLiteral("203.0.113.7"); // of no interface here
      present = false;
      time.advance(Duration.ofSeconds(30));
      next("closed");
      next("changed");
      assertThat(mapper.state()).isInstanceOf(PortMappingState.NoRouter.class);

      present = true;
      router.local = InetAddress.getLoopbackAddress();
      time.advance(Duration.ofMinutes(5));
      next("map TCP " + port());
    }
  }

  @Test
  void theSearchSurvivesWhateverOneTurnComesTo() throws Exception {
    var turns = new AtomicInteger();
    GatewaySearch search =
        suits -> {
          if (turns.getAndIncrement() == 0) {
            throw new IllegalStateException("a router nobody thought of");
          }
          return Optional.<Gateway>of(router).filter(suits);
        };
    try (PortMapper _ = PortMapper.attach(host, search)) {
      time.advance(Duration.ofSeconds(1));
      time.advance(Duration.ofMinutes(5));
      next("map TCP " + port());
    }
  }

  private PortMapper attach() {
    return PortMapper.attach(
        host, suits -> Optional.<Gateway>of(router).filter(_ -> present).filter(suits));
  }

  private int port() {
    return host.addresses().getFirst().port().orElseThrow();
  }

  private String take() throws InterruptedException {
    String what = said.poll(20, TimeUnit.SECONDS);
    assertThat(what).isNotNull();
    return what;
  }

  private void next(String wanted) throws InterruptedException {
    assertThat(take()).isEqualTo(wanted);
  }

  private final class FakeGateway implements Gateway {
    volatile String external = PUBLIC;
    final AtomicInteger next = new AtomicInteger(50_000);
    final Set<PortMapping.Kind> refused = ConcurrentHashMap.newKeySet();
    volatile InetAddress local = InetAddress.getLoopbackAddress();
    volatile boolean broken;
    volatile boolean forgetful;

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public InetAddress localAddress() {
      return local;
    }

    @Override
    public PortMapping map(PortMapping.Kind kind, int internal, int wish, Duration lifetime)
        throws IOException {
      if (broken) {
        throw new IOException("gone");
      }
      if (refused.contains(kind)) {
        throw new PortMappingRefusedException("no room");
      }
      said.add("map " + kind + " " + wish);
      int given = next.get() == 1 ? wish : next.getAndIncrement();
      return new PortMapping(
          kind, internal, new InetSocketAddress(InetAddress.ofLiteral(external), given), lifetime);
    }

    @Override
    public boolean keeps(Collection<PortMapping> mappings) throws IOException {
      if (broken) {
        throw new IOException("gone");
      }
      return !forgetful;
    }

    @Override
    public void unmap(PortMapping mapping) {
      said.add("unmap " + mapping.externalPort());
    }

    @Override
    public void close() {
      said.add("closed");
    }
  }
}
