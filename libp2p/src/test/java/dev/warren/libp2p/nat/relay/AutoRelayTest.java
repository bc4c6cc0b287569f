package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.protocol.ping.Ping;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Relays and one who looks for them, over real sockets on the loopback interface. */
@Timeout(120)
class AutoRelayTest {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String ANYWHERE = "/ip4/127.0.0.1/tcp/0";

  private final List<Host> hosts = new ArrayList<>();
  private InstantSource clock = InstantSource.system();
  private final AtomicBoolean wanted = new AtomicBoolean(true);
  private final CountDownLatch walked = new CountDownLatch(1);
  private final AtomicLong stopwatch = new AtomicLong();
  private final Host hidden = host(PrivateKey.generate(KeyType.ED25519), List.of());
  private final RelayClient client = RelayClient.attach(hidden);
  private final List<AutoRelay> running = new ArrayList<>();

  @AfterEach
  void closeAll() {
    running.forEach(AutoRelay::close);
    hosts.forEach(Host::close);
  }

  @Test
  void twoPlacesAreTakenAtThreeConfiguredRelays() {
    keep(relay(), relay(), relay());

    Eventually.check(() -> relays().size() == AutoRelay.PLACES);
    assertThat(hidden.addresses()).hasSize(2).allMatch(Multiaddr::isCircuit);
  }

  @Test
  void aRelayThatGoesIsReplaced() {
    Host first = relay();
    Host second = relay();
    keep(first, second);
    Eventually.check(() -> relays().size() == 2);
    Host third = relay();

    first.close();
    connect(third);

    Eventually.check(() -> relays().equals(Set.of(second.peerId(), third.peerId())));
  }

  @Test
  void aRelayThatIsStartedAnewIsTakenAnew() {
    PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    Host relay = relay(key, ANYWHERE, _ -> true);
    keep(relay);
    Eventually.check(() -> relays().size() == 1);
    String address = relay.addresses().getFirst().toString();

    relay.close();
    Eventually.check(() -> relays().isEmpty());
    relay(key, address, _ -> true);

    Eventually.check(() -> relays().size() == 1);
  }

  @Test
  void aRelayThatWasAwayForTwoMinutesIsTakenAnewWithinTenSeconds() throws Exception {
    var time = new ManualTime();
    Host host = Host.builder().time(time).start();
    hosts.add(host);
    RelayClient ofHost = RelayClient.attach(host);
    PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    Host relay = relay(key, ANYWHERE, _ -> true);
    String address = relay.addresses().getFirst().toString();
    keep(host, ofHost, relay);
    Eventually.check(() -> ofHost.places().size() == 1);

    relay.close();
    Eventually.check(() -> ofHost.places().isEmpty());
    long gone = time.nanoTime();
    passUntil(
        time,
        Duration.ofMillis(100),
        () -> time.nanoTime() - gone >= Duration.ofMinutes(2).toNanos());
    relay(key, address, _ -> true);
    long back = time.nanoTime();
    passUntil(time, Duration.ofMillis(2), () -> ofHost.places().size() == 1);

    assertThat(Duration.ofNanos(time.nanoTime() - back)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aRelayThatTakesNobodyIsPassedOver() {
    Host refusing = relay(PrivateKey.generate(KeyType.ED25519), ANYWHERE, _ -> false);
    Host second = relay();
    Host third = relay();
    keep(refusing, second, third);

    Eventually.check(() -> relays().equals(Set.of(second.peerId(), third.peerId())));
  }

  @Test
  void aPeerThatTurnsOutToBeARelayIsTaken() {
    keep();
    Host relay = relay();
    connect(relay);

    Eventually.check(() -> relays().equals(Set.of(relay.peerId())));
  }

  @Test
  void whereNoRelayIsKnownOthersAreWalkedTo() throws Exception {
    keep();

    assertThat(walked.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void placesAreGivenUpWhenTheyAreNotWanted() {
    keep(relay(), relay());
    Eventually.check(() -> relays().size() == 2);

    wanted.set(false);
    running.getFirst().check();

    Eventually.check(() -> relays().isEmpty());
    assertThat(hidden.addresses()).isEmpty();
  }

  @Test
  void aPlaceIsRenewedBeforeItEnds() throws Exception {
    var time = new ManualTime();
    RelayServer server = serveOneMinute(time);

    passUntil(time, Duration.ofMillis(250), () -> server.activity().grantedReservations() == 2);

    assertThat(Duration.ofNanos(time.nanoTime()))
        .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(59));
    assertThat(server.activity().reservations()).isOne();
  }

  @Test
  void aPlaceThatIsNotRenewedIsKeptUntilItEnds() throws Exception {
    var time = new ManualTime();
    RelayServer server = serveOneMinute(time);
    server.drain();

    passUntil(time, Duration.ofMillis(250), () -> refusals(server) == 1);
    assertThat(hosts.getLast().addresses()).hasSize(1);
    passUntil(time, Duration.ofMillis(250), () -> hosts.getLast().addresses().isEmpty());

    assertThat(Duration.ofNanos(time.nanoTime())).isGreaterThan(Duration.ofSeconds(58));
    assertThat(refusals(server)).isGreaterThan(1);
  }

  private static long refusals(RelayServer server) {
    return server.activity().refusals().get(RelayRefusedException.Reason.FULL);
  }

  /** A relay, and a host, the last one, that has a place there which ends in a minute. */
  private RelayServer serveOneMinute(ManualTime time) throws IOException {
    Host relay = host(PrivateKey.generate(KeyType.ED25519), List.of(ANYWHERE));
    RelayServer server = serve(relay, _ -> true);
    Host host = Host.builder().time(time).start();
    hosts.add(host);
    RelayClient ofHost = RelayClient.attach(host);
    clock = Clock.offset(Clock.systemUTC(), LIFE.minusMinutes(1));
    keep(host, ofHost, relay);
    Eventually.check(() -> ofHost.places().size() == 1);
    return server;
  }

  @Test
  void whereAPlaceIsRenewedAMuchNearerRelayIsPreferred() throws Exception {
    assertIsLeft(relay(), Duration.ofMillis(200));
  }

  @Test
  void whereAPlaceIsRenewedARelayThatIsMuchSoonerToAnswerIsPreferred() throws Exception {
    assertIsLeft(relayThatTakes(Duration.ofMillis(200), () -> {}), Duration.ofMillis(5));
  }

  private void assertIsLeft(Host first, Duration distance) throws Exception {
    var time = new ManualTime();
    Host second = relay();
    Host third = relay();
    RelayClient ofHost = keepTwo(time, distance, first, second, third);

    passUntil(
        time,
        Duration.ofMillis(250),
        () -> relaysOf(ofHost).equals(Set.of(third.peerId(), second.peerId())));
  }

  @Test
  void aMuchNearerRelayThatIsLateToAnswerIsNotPreferred() throws Exception {
    var time = new ManualTime();
    var ofHost = new CompletableFuture<RelayClient>();
    var whenAsked = new LinkedBlockingQueue<Set<PeerId>>();
    Host first = relay();
    Host second = relay();
    Host third =
        relayThatTakes(Duration.ofSeconds(1), () -> whenAsked.add(relaysOf(ofHost.join())));
    ofHost.complete(keepTwo(time, Duration.ofMillis(200), first, second, third));

    passUntil(time, Duration.ofMillis(250), () -> whenAsked.size() > 1);

    assertThat(whenAsked).containsOnly(Set.of(first.peerId(), second.peerId()));
  }

  private Host relayThatTakes(Duration answer, Runnable asked) {
    return relay(
        PrivateKey.generate(KeyType.ED25519),
        ANYWHERE,
        _ -> {
          asked.run();
          stopwatch.addAndGet(answer.toNanos());
          return true;
        });
  }

  /** Has places for a minute at two, the first of which is so far, and knows of a third. */
  private RelayClient keepTwo(
      ManualTime time, Duration distance, Host first, Host second, Host third) throws Exception {
    clock = Clock.offset(Clock.systemUTC(), LIFE.minusMinutes(1));
    Host host = Host.builder().time(time).start();
    hosts.add(host);
    RelayClient ofHost = RelayClient.attach(host);
    Map<PeerId, Duration> distances =
        Map.of(
            first.peerId(), distance,
            second.peerId(), Duration.ofMillis(15),
            third.peerId(), Duration.ofMillis(10));
    host.dial(first.addressesWithPeer().getFirst());
    host.dial(second.addressesWithPeer().getFirst());
    running.add(
        builder(host, ofHost, first, second)
            .distance((peers, _) -> byDistance(host, peers, distances))
            .start());
    Eventually.check(() -> relaysOf(ofHost).equals(Set.of(first.peerId(), second.peerId())));
    host.dial(third.addressesWithPeer().getFirst());
    Eventually.check(() -> host.peerstore().info(third.peerId()).isPresent());
    return ofHost;
  }

  private static List<RelayDistance.Near> byDistance(
      Host host, List<PeerId> peers, Map<PeerId, Duration> distances) {
    return peers.stream()
        .filter(peer -> !host.connections(peer).isEmpty())
        .map(peer -> new RelayDistance.Near(peer, distances.get(peer)))
        .sorted(Comparator.comparing(RelayDistance.Near::roundTrip))
        .toList();
  }

  private static Set<PeerId> relaysOf(RelayClient client) {
    return client.places().stream().map(Reservation::relay).collect(Collectors.toSet());
  }

  @Test
  void aFaultInOneRoundIsNotTheEnd() {
    Host relay = relay();
    var faults = new AtomicBoolean(true);
    AutoRelay relays =
        builder(hidden, client, relay)
            .wanted(
                () -> {
                  if (faults.getAndSet(false)) {
                    throw new IllegalStateException("a fault");
                  }
                  return true;
                })
            .start();
    running.add(relays);

    Eventually.check(
        () -> {
          relays.check();
          return relays().size() == 1;
        });
  }

  @Test
  void aRelayThatFallsSilentOverQuicIsNoticedWithinTenSeconds() throws Exception {
    var time = new ManualTime();
    Host host = Host.builder().quic().time(time).start();
    hosts.add(host);
    RelayClient ofHost = RelayClient.attach(host);
    Host silent =
        relay(PrivateKey.generate(KeyType.ED25519), "/ip4/127.0.0.1/udp/0/quic-v1", _ -> true);
    var asked = new CountDownLatch(1);
    silent.handle(
        Ping.PROTOCOL,
        stream -> {
          asked.countDown();
          stream.input().readAllBytes(); // and says nothing
        });
    keep(host, ofHost, silent);
    Eventually.check(() -> ofHost.places().size() == 1);
    long begin = time.nanoTime();

    passUntil(time, Duration.ofMillis(5), () -> asked.getCount() == 0);
    passUntil(time, Duration.ofMillis(5), () -> ofHost.places().isEmpty());

    assertThat(Duration.ofNanos(time.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
  }

  /** Lets time pass by little, so that what happens meanwhile takes little of it. */
  private static void passUntil(ManualTime time, Duration step, BooleanSupplier condition) {
    Eventually.check(
        () -> {
          try {
            time.advance(step);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return condition.getAsBoolean();
        });
  }

  private Set<PeerId> relays() {
    return relaysOf(client);
  }

  private void keep(Host... relays) {
    keep(hidden, client, relays);
  }

  private void keep(Host host, RelayClient by, Host... relays) {
    running.add(builder(host, by, relays).start());
  }

  private AutoRelay.Builder builder(Host host, RelayClient by, Host... relays) {
    return AutoRelay.builder(host, by)
        .wanted(wanted::get)
        .relays(Stream.of(relays).map(relay -> relay.addressesWithPeer().getFirst()).toList())
        .walk(walked::countDown)
        .clock(clock)
        .stopwatch(stopwatch::get)
        .random(new Random(5));
  }

  private void connect(Host peer) {
    try {
      hidden.dial(peer.addressesWithPeer().getFirst());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Host relay() {
    return relay(PrivateKey.generate(KeyType.ED25519), ANYWHERE, _ -> true);
  }

  private Host relay(PrivateKey key, String address, RelayPolicy admitted) {
    Host relay = host(key, List.of(address));
    RelayServer _ = serve(relay, admitted);
    return relay;
  }

  private static RelayServer serve(Host relay, RelayPolicy admitted) {
    return RelayServer.start(
        relay,
        new RelayLimits(8, 8, LIFE, 8, 8, 8, CircuitLimit.NONE),
        admitted,
        InstantSource.system());
  }

  private Host host(PrivateKey key, List<String> addresses) {
    try {
      Host host =
          Host.builder().identity(key).quic().listen(addresses.toArray(String[]::new)).start();
      hosts.add(host);
      return host;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
