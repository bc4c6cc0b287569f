package dev.warren.libp2p.nat.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.nat.autonat.AutoNatLimits;
import dev.warren.libp2p.nat.autonat.AutoNatServer;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host and those who dial it back, over real sockets on the loopback interface. */
@Timeout(60)
class ReachabilityTrackerTest {
  private static final String TCP = "/ip4/127.0.0.1/tcp/0";
  private static final String QUIC = "/ip4/127.0.0.1/udp/0/quic-v1";
  private static final Multiaddr NOBODY = Multiaddr.parse("/ip4/127.0.0.1/tcp/9");
  private static final AutoNatLimits LIMITS =
      new AutoNatLimits(60, 60, 12, Duration.ofSeconds(20), Duration.ZERO, true);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void whoCanBeDialedFindsOutByOneServer() throws Exception {
    Host host = start(TCP, QUIC);
    ReachabilityTracker tracker = track(host);

    host.dial(server().addressesWithPeer().getFirst());

    Eventually.check(() -> tracker.current().confirmed().size() == 2);
    assertThat(tracker.current().confirmed()).containsExactlyElementsOf(host.addresses());
    assertThat(tracker.current().verdict()).isEqualTo(Verdict.PUBLIC);
    assertThat(tracker.current().of(TransportKind.TCP).verdict()).isEqualTo(Verdict.PUBLIC);
    assertThat(tracker.current().of(TransportKind.QUIC).verdict()).isEqualTo(Verdict.PUBLIC);
    assertThat(tracker.current().of(TransportKind.TCP).mapping()).isEqualTo(NatMapping.NONE);
  }

  @Test
  void anAddressThatLeadsNowhereIsKnownToDoSo() throws Exception {
    Host host = start(TCP);
    host.advertise(() -> List.of(NOBODY));
    ReachabilityTracker tracker = track(host);

    for (int i = 0; i < 3; i++) {
      host.dial(server().addressesWithPeer().getFirst());
    }

    Eventually.check(() -> tracker.current().of(NOBODY) == Verdict.PRIVATE);
    Eventually.check(() -> tracker.current().verdict() == Verdict.PUBLIC);
    assertThat(tracker.current().unreachable()).containsExactly(NOBODY);
  }

  @Test
  void whoListensNowhereKnowsNothing() throws Exception {
    Host host = start();
    ReachabilityTracker tracker = track(host);
    Host server = server();

    host.dial(server.addressesWithPeer().getFirst());

    Eventually.check(() -> host.peerstore().info(server.peerId()).isPresent());
    assertThat(tracker.current()).isEqualTo(Reachability.UNKNOWN);
    assertThat(tracker.candidates(TransportKind.TCP)).isEmpty();
  }

  /** One whose time does not pass, so that nothing is looked at but when something happens. */
  private Host stopped() throws IOException {
    var time = new ManualTime();
    Host host = Host.builder().time(time).transport(new TcpTransport(true)).listen(TCP).start();
    open.add(host);
    return host;
  }

  @Test
  void whatAPeerHasJustSeenIsACandidateAtOnce() throws Exception {
    Host host = stopped();
    ReachabilityTracker tracker = track(host);

    Connection connection = host.dial(server().addressesWithPeer().getFirst());
    Eventually.check(() -> connection.observedAddress().isPresent());

    assertThat(tracker.candidates(TransportKind.TCP)).containsExactlyElementsOf(host.addresses());
  }

  @Test
  void whatWasSaidRightBeforeAConnectionEndedCounts() throws Exception {
    Host host = stopped();
    ReachabilityTracker tracker = track(host);
    Connection connection = host.dial(server().addressesWithPeer().getFirst());
    Eventually.check(() -> connection.observedAddress().isPresent());

    connection.close();

    Eventually.check(() -> host.connections().isEmpty());
    Eventually.check(() -> !tracker.candidates(TransportKind.TCP).isEmpty());
  }

  @Test
  void listenersHearOfEachChangeInOrder() throws Exception {
    Host host = start(TCP);
    ReachabilityTracker tracker = track(host);
    Queue<Reachability> heard = new ConcurrentLinkedQueue<>();
    var known = new CountDownLatch(1);
    tracker.addListener(
        now -> {
          heard.add(now);
          if (now.verdict() == Verdict.PUBLIC) {
            known.countDown();
          }
        });

    host.dial(server().addressesWithPeer().getFirst());

    assertThat(known.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(heard).doesNotHaveDuplicates();
    assertThat(heard).last().isEqualTo(tracker.current());
  }

  @Test
  void aNewAddressIsTriedAtOnce() throws Exception {
    Host host = start(TCP);
    var mapped = new AtomicReference<List<Multiaddr>>(List.of());
    host.advertise(mapped::get);
    ReachabilityTracker tracker = track(host);
    host.dial(server().addressesWithPeer().getFirst());
    Eventually.check(() -> tracker.current().verdict() == Verdict.PUBLIC);

    host.listen(Multiaddr.parse(TCP));
    Multiaddr second = host.listenAddresses().getLast();

    Eventually.check(() -> tracker.current().of(second) == Verdict.PUBLIC);
    mapped.set(List.of(NOBODY));
    host.observe(HostListener::addressesChanged);
    Eventually.check(() -> tracker.current().of(NOBODY) == Verdict.PRIVATE);
  }

  @Test
  void serversOfTheFirstVersionAloneHaveToAgreeThreeTimes() throws Exception {
    Host host = start(TCP);
    ReachabilityTracker tracker = track(host);

    for (int i = 0; i < 3; i++) {
      Host server = server();
      server.unhandle("/libp2p/autonat/2/dial-request");
      host.dial(server.addressesWithPeer().getFirst());
    }

    Eventually.check(() -> tracker.current().verdict() == Verdict.PUBLIC);
  }

  @Test
  void peersWhoWereMetOverTcpSeeTheHostOverQuicToo() throws Exception {
    Host host = start(TCP, QUIC);
    ReachabilityTracker tracker = track(host);
    Host peer = start(TCP, QUIC);

    Connection met = host.dial(overTcp(peer));

    Eventually.check(() -> tracker.current().of(TransportKind.QUIC).mapping() == NatMapping.NONE);
    assertThat(tracker.candidates(TransportKind.QUIC)).isNotEmpty();
    Eventually.check(() -> host.connections(peer.peerId()).equals(List.of(met)));
    assertThat(tracker.candidates(TransportKind.QUIC)).as("it is remembered").isNotEmpty();
  }

  @Test
  void whoSawTheHostOverQuicIsNoStrangerAfterwards() throws Exception {
    Host host = start(TCP, QUIC);
    ReachabilityTracker tracker = track(host);
    Host server = start(TCP, QUIC);
    open.add(AutoNatServer.attach(server, LIMITS));

    host.dial(overTcp(server));

    Eventually.check(() -> tracker.current().of(TransportKind.QUIC).verdict() == Verdict.PUBLIC);
    assertThat(tracker.current().of(TransportKind.QUIC).filtering())
        .as("a NAT may have let it in for what was sent there")
        .isEqualTo(NatFiltering.UNKNOWN);
  }

  private static Multiaddr overTcp(Host host) {
    return host.addressesWithPeer().stream()
        .filter(it -> it.has(Protocol.TCP))
        .findFirst()
        .orElseThrow();
  }

  private ReachabilityTracker track(Host host) {
    ReachabilityTracker tracker = ReachabilityTracker.attachInLaboratory(host);
    open.add(tracker);
    return tracker;
  }

  private Host server() throws IOException {
    Host server = start(TCP);
    open.add(AutoNatServer.attach(server, LIMITS));
    return server;
  }

  private Host start(String... listen) throws IOException {
    Host host = Host.builder().quic().listen(listen).start();
    open.add(host);
    return host;
  }
}
