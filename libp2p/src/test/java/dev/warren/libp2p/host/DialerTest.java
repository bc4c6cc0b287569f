package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The race between addresses, over a transport on which some of them never answer. */
@Timeout(30)
class DialerTest {
  private static final Multiaddr SILENT = Multiaddr.parse("/memory/1");
  private static final Multiaddr SILENT_TOO = Multiaddr.parse("/memory/5");
  private static final Multiaddr SILENT_AS_WELL = Multiaddr.parse("/memory/6");
  private static final Multiaddr REFUSED = Multiaddr.parse("/memory/2");
  private static final Multiaddr FAULTY = Multiaddr.parse("/memory/4");

  private final ManualTime time = new ManualTime();
  private final MemoryTransport network = new MemoryTransport();
  private final BlockingQueue<String> dialed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> givenUp = new LinkedBlockingQueue<>();

  /** Those that are silent answer as little as a host behind a firewall that drops. */
  private final Transport transport =
      new Transport() {
        @Override
        public boolean handles(Multiaddr address) {
          return network.handles(address);
        }

        @Override
        public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
          dialed.add(address.value(Protocol.MEMORY).orElseThrow());
          if (address.withoutPeer().equals(FAULTY)) {
            throw new LinkageError("on purpose");
          }
          if (!Set.of(SILENT, SILENT_TOO, SILENT_AS_WELL).contains(address.withoutPeer())) {
            return network.dial(address, cancellation);
          }
          var cancelled = new CountDownLatch(1);
          try (var _ = cancellation.onCancel(cancelled::countDown)) {
            cancelled.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          IOException why = cancellation.explain(new IOException("not cancelled"));
          givenUp.add(why.getMessage());
          throw why;
        }

        @Override
        public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
            throws IOException {
          return network.listen(address, onConnection);
        }
      };

  private final Map<String, List<String>> records = new ConcurrentHashMap<>();

  private final NameResolver names =
      new NameResolver() {
        @Override
        public List<InetAddress> addresses(String name) throws IOException {
          if (name.equals("slow.org")) {
            released.acquireUninterruptibly();
          }
          throw new UnknownHostException(name);
        }

        @Override
        public List<String> texts(String name) {
          return records.getOrDefault(name, List.of());
        }
      };

  /** Lets the look-up of slow.org end. */
  private final Semaphore released = new Semaphore(0);

  private Host server;
  private Host client;

  @BeforeEach
  void startHosts() throws IOException {
    server = Host.builder().transport(network).listen("/memory/3").start();
    client = Host.builder().transport(transport).time(time).names(names).start();
  }

  @AfterEach
  void closeHosts() {
    client.close();
    server.close();
  }

  @Test
  void aSlowAddressDoesNotHoldUpTheNext() throws Exception {
    CompletableFuture<Connection> dial = dial(SILENT, server.addresses().getFirst());
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
    assertThat(dialed).as("the next waits for its turn").isEmpty();
    time.awaitTimer(Duration.ofMillis(250));
    time.advance(Duration.ofMillis(250));
    assertThat(dial.get(30, TimeUnit.SECONDS).remotePeer()).isEqualTo(server.peerId());
    assertThat(givenUp.poll(30, TimeUnit.SECONDS)).isEqualTo("another address was faster");
  }

  @Test
  void allAddressesAreDialedAtOnceWhereNoneIsToWait() throws Exception {
    List<Multiaddr> addresses =
        List.of(SILENT, SILENT_TOO, SILENT_AS_WELL, server.addresses().getFirst());

    Connection connection = client.dialDirectly(server.peerId(), addresses, Duration.ofMinutes(1));

    assertThat(connection.remotePeer()).isEqualTo(server.peerId());
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(dialed.poll(30, TimeUnit.SECONDS));
    }
    assertThat(all).containsExactlyInAnyOrder("1", "5", "6", "3");
  }

  @Test
  void aSlowNameHoldsNobodyUp() throws Exception {
    Multiaddr slow = Multiaddr.parse("/dns4/slow.org/tcp/1");
    CompletableFuture<Connection> dial = dial(slow, server.addresses().getFirst());
    assertThat(dial.get(30, TimeUnit.SECONDS).remotePeer()).isEqualTo(server.peerId());
    released.release();
  }

  @Test
  void aDialEndsInTimeAsAWhole() throws Exception {
    Multiaddr slow = Multiaddr.parse("/dns4/slow.org/tcp/1");
    CompletableFuture<Connection> dial = dial(slow, SILENT);
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
    time.advance(Duration.ofSeconds(30));
    assertThatThrownBy(() -> dial.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DialException.class);
    released.release();
  }

  @Test
  void anAddressThatLedNowhereIsNotKept() throws Exception {
    dial(REFUSED, server.addresses().getFirst()).get(30, TimeUnit.SECONDS);
    assertThat(client.peerstore().addresses(server.peerId()))
        .contains(server.addresses().getFirst())
        .doesNotContain(REFUSED);
  }

  @Test
  void aFailedAddressLetsTheNextStartAtOnce() throws Exception {
    CompletableFuture<Connection> dial = dial(REFUSED, server.addresses().getFirst());
    assertThat(dial.get(30, TimeUnit.SECONDS).remotePeer()).isEqualTo(server.peerId());
  }

  @Test
  void anAddressThatIsGivenTwiceIsDialedOnce() throws Exception {
    CompletableFuture<Connection> dial = dial(SILENT.withPeer(server.peerId().toString()), SILENT);
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
    time.awaitTimer(Duration.ofMillis(250));
    time.advance(Duration.ofSeconds(10));
    assertThatThrownBy(() -> dial.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DialException.class);
    assertThat(dialed).isEmpty();
  }

  @Test
  void anAddressThatNeverAnswersIsGivenUpInTimeAndReported() throws Exception {
    CompletableFuture<Connection> dial = dial(SILENT, REFUSED);
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
    time.awaitTimer(Duration.ofMillis(250));
    time.advance(Duration.ofMillis(250));
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).isEqualTo("2");
    time.advance(Duration.ofSeconds(10));
    assertThatThrownBy(() -> dial.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DialException.class)
        .hasMessageContaining("/memory/1: no answer within 10 s")
        .hasMessageContaining("/memory/2: nobody listens");
  }

  @Test
  void aFaultOfOursEndsItsAttemptAndNothingElse() throws Exception {
    CompletableFuture<Connection> dial = dial(FAULTY, server.addresses().getFirst());
    assertThat(dial.get(30, TimeUnit.SECONDS).remotePeer()).isEqualTo(server.peerId());
    client.disconnect(server.peerId());
    PeerId nobody = PrivateKey.generate(KeyType.ED25519).peerId();
    assertThatThrownBy(() -> client.dial(nobody, List.of(FAULTY)))
        .isInstanceOf(DialException.class)
        .hasMessageContaining("on purpose");
  }

  @Test
  void whoInterruptsADialDoesNotEndItForTheOthersWhoShareIt() throws Exception {
    var first = new CompletableFuture<Connection>();
    var second = new CompletableFuture<Connection>();
    Thread leading = dialSilent(first);
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
    Thread waiting = dialSilent(second);
    Eventually.check(() -> waiting.getState() == Thread.State.WAITING);
    leading.interrupt();
    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
    assertThat(dialed.poll(30, TimeUnit.SECONDS)).as("the other dials").isEqualTo("1");
    time.advance(Duration.ofSeconds(10));
    assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("no answer within 10 s");
  }

  private Thread dialSilent(CompletableFuture<Connection> result) {
    return Thread.startVirtualThread(
        () -> {
          try {
            result.complete(client.dial(server.peerId(), List.of(SILENT)));
          } catch (IOException e) {
            result.completeExceptionally(e);
          }
        });
  }

  @Test
  void thePeerThatARecordNamesMustBeThere() throws Exception {
    PeerId wrong = PrivateKey.generate(KeyType.ED25519).peerId();
    records.put("_dnsaddr.wrong.org", List.of("dnsaddr=/memory/3/p2p/" + wrong));
    records.put("_dnsaddr.right.org", List.of("dnsaddr=/memory/3/p2p/" + server.peerId()));
    assertThatThrownBy(() -> client.dial(Multiaddr.parse("/dnsaddr/wrong.org")))
        .isInstanceOf(DialException.class)
        .hasMessageContaining(server.peerId().toString());
    assertThat(client.dial(Multiaddr.parse("/dnsaddr/right.org")).remotePeer())
        .isEqualTo(server.peerId());
  }

  @Test
  void ofTheRecordsOfANameThoseOfOtherPeersAreNotDialed() throws Exception {
    PeerId other = PrivateKey.generate(KeyType.ED25519).peerId();
    records.put(
        "_dnsaddr.example.org",
        List.of("dnsaddr=/memory/2/p2p/" + other, "dnsaddr=/memory/3/p2p/" + server.peerId()));
    client.dial(server.peerId(), List.of(Multiaddr.parse("/dnsaddr/example.org")));
    assertThat(dialed).containsExactly("3");
  }

  @Test
  void aNameWithoutRecordsIsReportedAsAnAttempt() {
    assertThatThrownBy(() -> client.dial(Multiaddr.parse("/dnsaddr/empty.org")))
        .isInstanceOfSatisfying(DialException.class, e -> assertThat(e.attempts()).hasSize(1))
        .hasMessageContaining("/dnsaddr/empty.org: the name empty.org has no fitting record");
  }

  private CompletableFuture<Connection> dial(Multiaddr... addresses) {
    var result = new CompletableFuture<Connection>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(client.dial(server.peerId(), List.of(addresses)));
          } catch (IOException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
