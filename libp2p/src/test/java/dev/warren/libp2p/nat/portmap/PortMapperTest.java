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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
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
      time.advance(Duration.ofMinutes(5));
      next("closed");
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

  private PortMapper attach() {
    return PortMapper.attach(host, () -> present ? Optional.of(router) : Optional.empty());
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
    volatile boolean broken;

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public InetAddress localAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public PortMapping map(PortMapping.Kind kind, int internal, int wish, Duration lifetime)
        throws IOException {
      if (broken) {
        throw new IOException("gone");
      }
      said.add("map " + kind + " " + wish);
      int given = next.get() == 1 ? wish : next.getAndIncrement();
      return new PortMapping(
          kind, internal, new InetSocketAddress(InetAddress.ofLiteral(external), given), lifetime);
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
