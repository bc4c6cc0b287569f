package dev.warren.libp2p.nat.autonat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.WrappedTransport;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.AutoNatClient.Wanted;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.nat.relay.RelayLimits;
import dev.warren.libp2p.nat.relay.RelayServer;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those who ask and those who dial back, over real sockets on the loopback interface. */
@Timeout(60)
class AutoNatTest {
  private static final Multiaddr NOBODY = Multiaddr.parse("/ip4/127.0.0.1/tcp/9");
  private static final AutoNatLimits LIMITS =
      new AutoNatLimits(60, 12, 12, Duration.ofSeconds(2), Duration.ZERO, true);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Host server = start("/ip4/127.0.0.1/tcp/0");
  // On all of them, since 127.0.0.2 is another address than the one that requests come from.
  private final Host asking =
      start("/ip4/0.0.0.0/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1", "/ip4/127.0.0.2/udp/0/quic-v1");
  private final AutoNatClient client = AutoNatClient.attach(asking);
  private final Queue<Connection> cameIn = new ConcurrentLinkedQueue<>();

  AutoNatTest() throws IOException {}

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void anAddressThatIsListenedOnIsReached() throws Exception {
    serve(LIMITS);

    assertThat(client.ask(connect(), wanted(tcp()))).isEqualTo(reached(tcp()));
  }

  @Test
  void anAddressOfQuicIsReached() throws Exception {
    serve(LIMITS);

    assertThat(client.ask(connect(), wanted(quic()))).isEqualTo(reached(quic()));
  }

  @Test
  void anAddressWhereNobodyIsIsNotReached() throws Exception {
    AutoNatServer serving = serve(LIMITS);

    assertThat(client.ask(connect(), wanted(NOBODY)))
        .isEqualTo(new DialBackAnswer.Unreached(List.of(NOBODY)));
    assertThat(serving.activity()).isEqualTo(new AutoNatServer.Activity(0, 1, 0));
  }

  @Test
  void onlyTheFirstAddressThatMayBeDialedIsDialed() throws Exception {
    serve(LIMITS);
    Multiaddr name = Multiaddr.parse("/dns4/localhost/tcp/" + tcp().port().orElseThrow());

    assertThat(client.ask(connect(), wanted(name, NOBODY, tcp())))
        .isEqualTo(new DialBackAnswer.Unreached(List.of(NOBODY)));
  }

  @Test
  void theOneWhoDialsBackComesFromAnotherPortAndByAnotherId() throws Exception {
    serve(LIMITS);
    Connection connection = connect();
    asking.addListener(
        new HostListener() {
          @Override
          public void connected(Connection each) {
            if (!each.outbound()) {
              cameIn.add(each);
            }
          }
        });

    client.ask(connection, wanted(tcp()));

    assertThat(cameIn)
        .singleElement()
        .satisfies(
            each -> {
              PeerId who = each.remotePeer();
              assertThat(who).isNotEqualTo(server.peerId());
              assertThat(each.remoteAddress().port())
                  .isNotEqualTo(server.addresses().getFirst().port());
            });
  }

  @Test
  void anAddressElsewhereIsDialedOnceItIsPaidFor() throws Exception {
    serve(LIMITS);

    assertThat(client.ask(connect(), wanted(elsewhere()))).isEqualTo(reached(elsewhere()));
  }

  @Test
  void whoeverDoesNotPayHasNobodyElsewhereDialed() throws Exception {
    AutoNatServer serving = serve(LIMITS);

    assertThat(client.ask(connect(), List.of(new Wanted(elsewhere(), false))))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.TOO_DEAR));
    assertThat(serving.activity()).isEqualTo(new AutoNatServer.Activity(0, 0, 0));
  }

  @Test
  void privateAddressesAreDialedInLaboratoriesOnly() throws Exception {
    AutoNatServer serving = serve(AutoNatLimits.defaults());
    Connection connection = connect();

    assertThat(client.ask(connection, wanted(tcp(), Multiaddr.parse("/ip4/10.1.2.3/tcp/4001"))))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.NO_ADDRESS));
    assertThat(client.askFirst(connection, List.of(tcp())))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.REJECTED));
    assertThat(serving.activity()).isEqualTo(new AutoNatServer.Activity(0, 0, 2));
  }

  @Test
  void theFirstVersionTellsAtWhichAddressItReachedUs() throws Exception {
    serve(LIMITS);

    assertThat(client.askFirst(connect(), List.of(NOBODY, tcp())))
        .isEqualTo(new DialBackAnswer.Reached(tcp(), Optional.empty()));
  }

  @Test
  void theFirstVersionDialsNobodyButTheOneWhoAsks() throws Exception {
    serve(LIMITS);
    try (var victim = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
      Multiaddr third = Multiaddr.parse("/ip4/127.0.0.2/tcp/" + victim.getLocalPort());

      // The same port is tried where the request comes from, and nobody is there.
      assertThat(client.askFirst(connect(), List.of(third)))
          .isEqualTo(new DialBackAnswer.Unreached(List.of(third)));

      victim.setSoTimeout(1);
      assertThatThrownBy(victim::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void whoAsksTooOftenIsRefused() throws Exception {
    AutoNatServer serving =
        serve(new AutoNatLimits(3, 3, 3, Duration.ofSeconds(2), Duration.ZERO, true));
    Connection connection = connect();
    for (int i = 0; i < 3; i++) {
      assertThat(client.ask(connection, wanted(tcp()))).isEqualTo(reached(tcp()));
    }

    assertThat(client.ask(connection, wanted(tcp())))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.REJECTED));
    assertThat(client.askFirst(connection, List.of(tcp())))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.REJECTED));
    assertThat(serving.activity().refused()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoHasAnAnswerMayAskAgainAtOnce(boolean firstVersion) throws Exception {
    var memory = new MemoryTransport();
    var transport = new WhileWriting(memory);
    Host answering = Host.builder().transport(transport).listen("/memory/1").start();
    open.add(answering);
    Host nowhere = Host.builder().transport(memory).start();
    open.add(nowhere);
    AutoNatClient inquisitive = AutoNatClient.attach(nowhere);
    AutoNatServer serving = AutoNatServer.attach(answering, LIMITS);
    open.add(serving);
    Connection connection = nowhere.dial(answering.addressesWithPeer().getFirst());
    var mayAskAgain = new CompletableFuture<Boolean>();
    transport.action =
        () -> {
          if (serving.activity().refused() > 0 && isAnswering() && !mayAskAgain.isDone()) {
            Connection same = answering.connections(nowhere.peerId()).getFirst();
            mayAskAgain.complete(serving.begin(same));
          }
        };

    // Another thread that is writing, as few do, takes the answer along.
    for (int i = 0; i < LIMITS.perMinuteEach() - 1 && !mayAskAgain.isDone(); i++) {
      assertThat(
              firstVersion
                  ? inquisitive.askFirst(connection, List.of(NOBODY))
                  : inquisitive.ask(connection, wanted(NOBODY)))
          .isInstanceOf(DialBackAnswer.Refused.class);
    }

    assertThat(mayAskAgain).isCompletedWithValue(true);
  }

  /** Others write too, such as who tells what it is. */
  private static boolean isAnswering() {
    Set<String> servers = Set.of(V1Server.class.getName(), V2Server.class.getName());
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> servers.contains(frame.getClassName())));
  }

  /** Does something just before what a host says leaves it. */
  private static final class WhileWriting extends WrappedTransport {
    private volatile Runnable action = () -> {};

    private WhileWriting(Transport inside) {
      super(inside);
    }

    @Override
    protected RawConnection accepted(RawConnection raw) {
      return new Raw(raw) {
        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
          action.run();
          super.write(buffer, offset, length);
        }
      };
    }
  }

  @Test
  void nobodyIsServedThroughARelay() throws Exception {
    serve(LIMITS);
    Host relay = start("/ip4/127.0.0.1/tcp/0");
    var limits = new RelayLimits(8, 8, Duration.ofHours(1), 8, 8, 8, CircuitLimit.NONE);
    open.add(RelayServer.start(relay, limits, _ -> true, InstantSource.system()));
    RelayClient ofServer = RelayClient.attach(server);
    RelayClient.attach(asking);
    var place = ofServer.reserve(server.dial(relay.addressesWithPeer().getFirst()).remotePeer());
    Connection circuit =
        asking.dial(place.addresses().getFirst().withPeer(server.peerId().toString()));

    assertThat(circuit.isRelayed()).isTrue();
    assertThat(client.ask(circuit, wanted(tcp())))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.REJECTED));
    assertThat(client.askFirst(circuit, List.of(tcp())))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.REJECTED));
  }

  private static List<Wanted> wanted(Multiaddr... addresses) {
    return Arrays.stream(addresses).map(each -> new Wanted(each, true)).toList();
  }

  private static DialBackAnswer reached(Multiaddr address) {
    return new DialBackAnswer.Reached(address, Optional.of(InetAddress.ofLiteral("127.0.0.1")));
  }

  private Multiaddr tcp() {
    return Multiaddr.parse(
        "/ip4/127.0.0.1/tcp/" + asking.listenAddresses().getFirst().port().orElseThrow());
  }

  private Multiaddr quic() {
    return asking.listenAddresses().get(1);
  }

  private Multiaddr elsewhere() {
    return Multiaddr.parse(
        "/ip4/127.0.0.2/tcp/" + asking.listenAddresses().getFirst().port().orElseThrow());
  }

  private Connection connect() throws IOException {
    return asking.dial(server.addressesWithPeer().getFirst());
  }

  private AutoNatServer serve(AutoNatLimits limits) throws IOException {
    AutoNatServer serving = AutoNatServer.attach(server, limits);
    open.add(serving);
    return serving;
  }

  private Host start(String... listen) throws IOException {
    Host host = Host.builder().quic().listen(listen).start();
    open.add(host);
    return host;
  }
}
