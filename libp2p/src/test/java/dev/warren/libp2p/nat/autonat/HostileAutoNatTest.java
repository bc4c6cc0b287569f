package dev.warren.libp2p.nat.autonat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.AutoNatClient.Wanted;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBack;
import dev.warren.libp2p.nat.autonat.v2.pb.DialDataRequest;
import dev.warren.libp2p.nat.autonat.v2.pb.DialDataResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialRequest;
import dev.warren.libp2p.nat.autonat.v2.pb.DialResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialStatus;
import dev.warren.libp2p.nat.autonat.v2.pb.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that lie, and peers that want others dialed for nothing. */
@Timeout(60)
class HostileAutoNatTest {
  private static final Multiaddr ELSEWHERE = Multiaddr.parse("/ip4/127.0.0.2/tcp/9");
  private static final AutoNatLimits LIMITS =
      new AutoNatLimits(60, 12, 12, Duration.ofSeconds(2), Duration.ZERO, true);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Host server = start();
  private final Host asking = start();
  private final AutoNatClient client = AutoNatClient.attach(asking);

  HostileAutoNatTest() throws IOException {}

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void aServerThatDidNotDialIsNotBelieved() throws Exception {
    lie(stream -> answer(stream, 0, DialStatus.UNUSED));
    assertNotBelieved();
  }

  @Test
  void aServerThatSendsTheNonceByTheConnectionThatThereIsIsNotBelieved() throws Exception {
    lie(
        stream -> {
          long nonce = read(stream).getDialRequest().getNonce();
          try (Stream back = stream.connection().open(V2Server.DIAL_BACK)) {
            AutoNatMessages.write(back, DialBack.newBuilder().setNonce(nonce).build());
            assertThatThrownBy(() -> back.readFully(new byte[1], 0, 1))
                .isInstanceOf(IOException.class);
          }
          answer(stream, 1, DialStatus.OK); // of an address that was not asked for
        });
    assertNotBelieved();
  }

  @Test
  void aServerThatWantsMoreDataThanTheRulesAllowGetsNone() throws Exception {
    lie(stream -> demand(stream, 0, 1L << 40));

    assertThat(client.ask(connect(), List.of(new Wanted(ELSEWHERE, true))))
        .isEqualTo(new DialBackAnswer.Refused(Refusal.TOO_DEAR));
  }

  @Test
  void aServerThatNamesAnAddressThatIsNotThereIsNotBelieved() throws Exception {
    lie(stream -> demand(stream, 7, 30_000));
    assertNotBelieved();
  }

  @Test
  void aServerThatSaysWhatHasNoEndIsNotListenedTo() throws Exception {
    lie(
        stream -> {
          var garbage = DialDataResponse.newBuilder().setData(ByteString.copyFrom(new byte[9_000]));
          AutoNatMessages.write(stream, Message.newBuilder().setDialDataResponse(garbage).build());
        });
    assertNotBelieved();
  }

  @Test
  void aNonceThatNobodyAskedForIsRefused() throws Exception {
    Connection connection = server.dial(asking.addressesWithPeer().getFirst());
    try (Stream stream = connection.open(V2Server.DIAL_BACK)) {
      AutoNatMessages.write(stream, DialBack.newBuilder().setNonce(7).build());

      assertThatThrownBy(() -> stream.readFully(new byte[1], 0, 1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void dataInPiecesThatAreTooSmallBuysNothing() throws Exception {
    AutoNatServer serving = serve();
    try (Stream stream = requestElsewhere()) {
      var small = DialDataResponse.newBuilder().setData(ByteString.copyFrom(new byte[99]));
      AutoNatMessages.write(stream, Message.newBuilder().setDialDataResponse(small).build());

      assertThatThrownBy(() -> read(stream)).isInstanceOf(IOException.class);
    }
    assertThat(serving.activity()).isEqualTo(new AutoNatServer.Activity(0, 0, 0));
  }

  @Test
  void whoSaysSomethingElseThanARequestIsNotServed() throws Exception {
    AutoNatServer serving = serve();
    try (Stream stream = connect().open(V2Server.DIAL_REQUEST)) {
      AutoNatMessages.write(
          stream, Message.newBuilder().setDialResponse(DialResponse.newBuilder()).build());

      assertThatThrownBy(() -> read(stream)).isInstanceOf(IOException.class);
    }
    assertThat(serving.activity().unreached()).isZero();
  }

  /** As go-libp2p does, whose answer a reset may overtake over QUIC. */
  @Test
  void whoTakesTheNonceAndResetsTheStreamHasBeenReached() throws Exception {
    AutoNatServer serving = serve();
    asking.handle(
        V2Server.DIAL_BACK,
        stream -> {
          var _ =
              AutoNatMessages.read(stream, DialBack.parser(), AutoNatMessages.MAX_DIAL_BACK_BYTES);
          stream.reset(0);
        });

    assertThat(dialStatus(asking)).isEqualTo(DialStatus.OK);
    assertThat(serving.activity()).isEqualTo(new AutoNatServer.Activity(1, 0, 0));
  }

  /** autonat-v2.md, "Requirements for DialStatus": it was connected to, and not sent the nonce. */
  @Test
  void whoResetsTheStreamWithoutTakingItsProtocolHasNotTakenTheNonce() throws Exception {
    AutoNatServer serving = serve();
    Limits noStreams =
        new Limits(9, 9, 9, Duration.ofSeconds(20), 9, 0, 1 << 20, 9, 9, Duration.ofMinutes(1));
    Host deaf = Host.builder().limits(noStreams).listen("/ip4/127.0.0.1/tcp/0").start();
    open.add(deaf);

    assertThat(dialStatus(deaf)).isEqualTo(DialStatus.E_DIAL_BACK_ERROR);
    assertThat(serving.activity()).isEqualTo(new AutoNatServer.Activity(0, 1, 0));
  }

  private DialStatus dialStatus(Host host) throws IOException {
    Connection connection = host.dial(server.addressesWithPeer().getFirst());
    try (Stream stream = connection.open(V2Server.DIAL_REQUEST)) {
      ByteString address = ByteString.copyFrom(host.addresses().getFirst().toBytes());
      var request = DialRequest.newBuilder().addAddrs(address).setNonce(1);
      AutoNatMessages.write(stream, Message.newBuilder().setDialRequest(request).build());
      return read(stream).getDialResponse().getDialStatus();
    }
  }

  /** Asks for an address that the request does not come from, and checks the price. */
  private Stream requestElsewhere() throws IOException {
    Stream stream = connect().open(V2Server.DIAL_REQUEST);
    var request =
        DialRequest.newBuilder().addAddrs(ByteString.copyFrom(ELSEWHERE.toBytes())).setNonce(1);
    AutoNatMessages.write(stream, Message.newBuilder().setDialRequest(request).build());
    DialDataRequest price = read(stream).getDialDataRequest();
    assertThat(price.getNumBytes()).isBetween(30_000L, 100_000L);
    return stream;
  }

  private void assertNotBelieved() throws IOException {
    Connection connection = connect();
    assertThatThrownBy(() -> client.ask(connection, List.of(new Wanted(ELSEWHERE, true))))
        .isInstanceOf(IOException.class);
  }

  private void lie(StreamHandler liar) {
    server.handle(V2Server.DIAL_REQUEST, liar);
  }

  private AutoNatServer serve() throws IOException {
    AutoNatServer serving = AutoNatServer.attach(server, LIMITS);
    open.add(serving);
    return serving;
  }

  private static void answer(Stream stream, int index, DialStatus status) throws IOException {
    AutoNatMessages.write(
        stream,
        Message.newBuilder()
            .setDialResponse(
                DialResponse.newBuilder()
                    .setStatus(DialResponse.ResponseStatus.OK)
                    .setAddrIdx(index)
                    .setDialStatus(status))
            .build());
  }

  private static void demand(Stream stream, int index, long bytes) throws IOException {
    AutoNatMessages.write(
        stream,
        Message.newBuilder()
            .setDialDataRequest(DialDataRequest.newBuilder().setAddrIdx(index).setNumBytes(bytes))
            .build());
  }

  private static Message read(Stream stream) throws IOException {
    return AutoNatMessages.read(stream, Message.parser(), AutoNatMessages.MAX_V2_BYTES);
  }

  private Connection connect() throws IOException {
    return asking.dial(server.addressesWithPeer().getFirst());
  }

  private Host start() throws IOException {
    Host host = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
    open.add(host);
    return host;
  }
}
