package dev.warren.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.nat.relay.RelayRefusedException;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.relay.AccessList.Entries;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay as it runs, and peers that use it, over the loopback interface. */
@Timeout(120)
class RelayNodeTest {
  private static final String ECHO = "/test/echo/1";
  private static final String SETTINGS =
      """
      listen = ["/ip4/127.0.0.1/tcp/0"]
      networks = ["lan"]
      status.listen = "127.0.0.1:0"
      """;

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Host hidden = peer(Host.builder().handle(ECHO, RelayNodeTest::echo));
  private final Host caller = peer(Host.builder());
  private final RelayClient ofHidden = RelayClient.attach(hidden);
  private final RelayClient ofCaller = RelayClient.attach(caller);

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void aPeerIsReachedThroughIt() throws Exception {
    RelayNode relay = start("");

    Stream stream = caller.dial(circuit(relay)).open(ECHO);
    stream.write(new byte[] {1, 2, 3});
    stream.closeWrite();

    assertThat(stream.input().readAllBytes()).containsExactly(1, 2, 3);
    assertThat(relay.activity().circuits()).isOne();
    assertThat(get(relay, "/metrics").body())
        .contains("\nwarren_relay_reservations 1\n")
        .contains("\nwarren_relay_circuits_total 1\n")
        .contains("\nwarren_relay_refusals_total{reason=\"full\"} 0\n")
        .contains("\nwarren_autonat_dialbacks_total{result=\"refused\"} ")
        .contains("\nwarren_dht_peers{network=\"lan\"} ");
    assertThat(get(relay, "/health").statusCode()).isEqualTo(200);
  }

  @Test
  void whatItIsAndWhereStaysOverARestart() throws Exception {
    RelayNode first = start("");
    Multiaddr address = first.addresses().getFirst();
    first.close();

    RelayNode second = start("listen = [\"" + address.withoutPeer() + "\"]");

    assertThat(second.addresses()).containsExactly(address);
  }

  @Test
  void thereIsRoomForWhatWaitsInAllCircuits() throws Exception {
    assertThat(RelayNode.limits(settings("circuits.max = 600")).maxBufferedBytes())
        .isGreaterThanOrEqualTo(Math.min(600L * (512 << 10), Runtime.getRuntime().maxMemory() / 2));
  }

  @Test
  void itDialsBackWhoWantsToKnowWhetherThatCanBeDone() throws Exception {
    assertThat(start("").host().protocols())
        .contains("/libp2p/autonat/1.0.0", "/libp2p/autonat/2/dial-request");
  }

  @Test
  void twoProcessesAreNotTheSameNode() throws Exception {
    RelayNode _ = start("");

    assertThatThrownBy(() -> start("")).hasMessageContaining("name another directory");
  }

  @Test
  void whatIsAnnouncedIsToldToOthers() throws Exception {
    RelayNode relay = start("announce = [\"/ip4/9.9.9.9/tcp/4001\"]");
    hidden.dial(relay.host().addressesWithPeer().getFirst());

    assertThat(relay.addresses())
        .containsExactly(
            Multiaddr.parse("/ip4/9.9.9.9/tcp/4001").withPeer(relay.host().peerId().toString()));
    assertThat(ofHidden.reserve(relay.host().peerId()).addresses())
        .map(Multiaddr::toString)
        .anyMatch(address -> address.startsWith("/ip4/9.9.9.9/tcp/4001/p2p/"));
  }

  @Test
  void whoIsBlockedIsDisconnected() throws Exception {
    RelayNode relay = start("");
    Connection connection = caller.dial(relay.addresses().getFirst());
    connection.ping();
    var gone = new CountDownLatch(1);
    caller.addListener(
        new HostListener() {
          @Override
          public void disconnected(Connection ended, IOException cause) {
            gone.countDown();
          }
        });

    relay.reload(settings("access.block = [\"" + caller.peerId() + "\"]"));

    assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(relay.config().service().access().blocked()).isNotEqualTo(Entries.NONE);
  }

  @Test
  void aBudgetThatIsUsedUpEndsCircuitsAndRefusesMore() throws Exception {
    RelayNode relay = start("budget.bytes_per_day = 20000");
    Multiaddr circuit = circuit(relay);
    Connection connection = caller.dial(circuit);
    Stream stream = connection.open(ECHO);

    assertThatThrownBy(
            () -> {
              stream.write(new byte[100_000]);
              stream.closeWrite();
              stream.input().readAllBytes();
            })
        .isInstanceOf(IOException.class);
    assertThat(relay.rules().spentToday()).isBetween(1L, 20_000L + (64 << 10));
    caller.disconnect(hidden.peerId());
    assertThatThrownBy(() -> caller.dial(circuit)).hasMessageContaining("has no room left");
  }

  @Test
  void aRateHoldsBackAllCircuitsTogether() throws Exception {
    RelayNode relay = start("budget.bytes_per_second = 200000");
    Stream stream = caller.dial(circuit(relay)).open(ECHO);
    long begin = System.nanoTime();
    stream.write(new byte[100_000]);
    stream.closeWrite();

    assertThat(stream.input().readAllBytes()).hasSize(100_000);
    // What was not used before counts for a tenth of a second, and what goes last is not waited
    // for.
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
  }

  @Test
  void whenItIsToEndItWaitsForCircuitsAndRefusesOthers() throws Exception {
    RelayNode relay = start("");
    Multiaddr circuit = circuit(relay);
    Connection connection = caller.dial(circuit);
    var drained = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                drained.complete(relay.drain());
              } catch (InterruptedException e) {
                drained.completeExceptionally(e);
              }
            });
    while (!relay.draining()) {
      Thread.onSpinWait();
    }

    assertThatThrownBy(() -> ofCaller.reserve(relay.host().peerId()))
        .isInstanceOfSatisfying(
            RelayRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RelayRefusedException.Reason.FULL));
    assertThat(get(relay, "/health").statusCode()).isEqualTo(503);
    assertThat(drained).isNotDone();
    assertThat(connection.open(ECHO)).isNotNull();

    caller.disconnect(hidden.peerId());

    assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
  }

  private RelayNode start(String more) throws IOException {
    RelayNode relay =
        RelayNode.start(settings(more), "test", TimeSource.system(), InstantSource.system());
    open.add(relay);
    return relay;
  }

  private RelayConfig settings(String more) throws IOException {
    String text =
        more.startsWith("listen")
            ? more + SETTINGS.substring(SETTINGS.indexOf('\n'))
            : SETTINGS + more;
    return RelayConfig.in(directory.resolve("relay"))
        .withFile(Files.writeString(directory.resolve("relay.toml"), text));
  }

  /** The address of the hidden peer, which has a place afterwards. */
  private Multiaddr circuit(RelayNode relay) throws IOException {
    hidden.dial(relay.addresses().getFirst());
    return ofHidden
        .reserve(relay.host().peerId())
        .addresses()
        .getFirst()
        .withPeer(hidden.peerId().toString());
  }

  private static HttpResponse<String> get(RelayNode relay, String path) throws Exception {
    URI uri = URI.create("http:/" + relay.statusAddress().orElseThrow() + path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static void echo(Stream stream) throws IOException {
    byte[] block = new byte[10_000];
    int n;
    while ((n = stream.read(block, 0, block.length)) >= 0) {
      stream.write(block, 0, n);
    }
    stream.closeWrite();
  }

  private Host peer(HostBuilder builder) {
    try {
      Host host = builder.start();
      open.add(host);
      return host;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
