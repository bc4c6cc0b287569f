package dev.warren.libp2p.protocol.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PeerRecord;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Varint;
import dev.warren.libp2p.protocol.identify.pb.IdentifyMessage;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdentifyTest {
  private final List<Host> hosts = new ArrayList<>();
  private final BlockingQueue<PeerInfo> identified = new LinkedBlockingQueue<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @Test
  void bothEndsLearnWhoTheOtherIs() throws Exception {
    Host server = start(Host.builder().agent("server/1").handle("/a", _ -> {}));
    Host client = start(Host.builder().agent("client/2"));
    Connection connection = client.dial(server.addressesWithPeer().getFirst());
    PeerInfo ofServer = await(info -> info.agent().equals("server/1"));
    assertThat(ofServer.protocols()).contains("/a", Identify.PROTOCOL, "/ipfs/ping/1.0.0");
    assertThat(ofServer.protocolVersion()).isEqualTo("ipfs/0.1.0");
    assertThat(client.peerstore().addresses(server.peerId())).isEqualTo(server.addresses());
    assertThat(connection.observedAddress()).contains(connection.localAddress());
  }

  @Test
  void aProtocolThatIsAddedOrRemovedIsPushed() throws Exception {
    Host server = start(Host.builder().agent("server"));
    Host client = start(Host.builder().agent("client"));
    client.dial(server.addressesWithPeer().getFirst());
    await(info -> info.agent().equals("client"));
    server.handle("/new", _ -> {});
    await(info -> info.agent().equals("server") && info.protocols().contains("/new"));
    server.unhandle("/new");
    await(info -> info.agent().equals("server") && !info.protocols().contains("/new"));
  }

  @Test
  void aPeerThatPushesAllTheTimeIsHeardNowAndThen() throws Exception {
    var time = new ManualTime();
    Host server = start(Host.builder().time(time));
    // Its own push, of what changed as it started, is never due.
    Host client = start(Host.builder().time(new ManualTime()));
    Connection connection = client.dial(server.addressesWithPeer().getFirst());
    for (int i = 0; i < 10; i++) {
      String agent = "burst " + i;
      push(connection, agent);
      await(info -> info.agent().equals(agent));
    }
    // The refusal may come before all is written.
    assertThatThrownBy(() -> push(connection, "too often").input().readAllBytes())
        .isInstanceOf(IOException.class);
    time.advance(Duration.ofSeconds(5));
    push(connection, "later");
    await(info -> info.agent().equals("later"));
    assertThat(server.peerstore().info(client.peerId()).orElseThrow().agent()).isEqualTo("later");
  }

  @Test
  void theRecordIsSignedAnewOnlyWhenTheAddressesHaveChanged() throws Exception {
    // No two signatures of this kind are alike.
    Host server = start(Host.builder().identity(PrivateKey.generate(KeyType.ECDSA)));
    Host client = start(Host.builder());
    Connection connection = client.dial(server.addressesWithPeer().getFirst());
    byte[] first = record(connection);
    assertThat(record(connection)).isEqualTo(first);
    server.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    PeerRecord second = PeerRecord.open(record(connection));
    assertThat(second.addresses()).isEqualTo(server.addresses()).hasSize(2);
    assertThat(second.sequence()).isGreaterThan(PeerRecord.open(first).sequence());
  }

  private static Stream push(Connection connection, String agent) throws IOException {
    Stream stream = connection.open(Identify.PUSH_PROTOCOL);
    IdentifyMessages.write(stream, IdentifyMessage.newBuilder().setAgentVersion(agent).build());
    stream.closeWrite();
    return stream;
  }

  private static byte[] record(Connection connection) throws IOException {
    try (Stream stream = connection.open(Identify.PROTOCOL)) {
      stream.closeWrite();
      return IdentifyMessages.read(stream).getSignedPeerRecord().toByteArray();
    }
  }

  @Test
  void aMessageTooLargeForOnePartIsSplitAndMergedAgain() throws Exception {
    Host server = start(Host.builder().agent("many"));
    for (int i = 0; i < 120; i++) {
      server.handle("/a/protocol/with/a/long/name/" + i, _ -> {});
    }
    Host client = start(Host.builder());
    client.dial(server.addressesWithPeer().getFirst());
    PeerInfo info = await(found -> found.agent().equals("many"));
    assertThat(info.protocols()).contains("/a/protocol/with/a/long/name/119");
    assertThat(client.peerstore().addresses(server.peerId())).isEqualTo(server.addresses());
  }

  @Test
  void theRecordOfAnotherPeerIsDroppedAndTheRestIsTaken() throws Exception {
    PrivateKey other = PrivateKey.generate(KeyType.ED25519);
    Multiaddr forged = Multiaddr.parse("/ip4/6.6.6.6/tcp/6");
    byte[] record = new PeerRecord(other.peerId(), 1, List.of(forged)).seal(other).toBytes();
    PeerId liar =
        meetPeerThatSays(
            IdentifyMessage.newBuilder()
                .setAgentVersion("liar")
                .addListenAddrs(address("/ip4/1.2.3.4/tcp/5"))
                .setSignedPeerRecord(ByteString.copyFrom(record))
                .build()
                .toByteArray());
    await(info -> info.agent().equals("liar"));
    assertThat(claimed(liar)).containsExactly(Multiaddr.parse("/ip4/1.2.3.4/tcp/5"));
    assertThat(hosts.getLast().peerstore().addresses(other.peerId())).isEmpty();
  }

  @Test
  void aDamagedRecordAndUnreadableAddressesDoNotFailTheRest() throws Exception {
    PeerId odd =
        meetPeerThatSays(
            IdentifyMessage.newBuilder()
                .setAgentVersion("odd")
                .addListenAddrs(ByteString.copyFrom(new byte[] {1, 2, 3}))
                .addListenAddrs(address("/ip4/1.2.3.4/tcp/5"))
                .setObservedAddr(ByteString.copyFrom(new byte[] {(byte) 0xff}))
                .setSignedPeerRecord(ByteString.copyFromUtf8("no record"))
                .build()
                .toByteArray());
    await(info -> info.agent().equals("odd"));
    assertThat(claimed(odd)).containsExactly(Multiaddr.parse("/ip4/1.2.3.4/tcp/5"));
  }

  @Test
  void whatIsKeptOfAPeerIsBounded() throws Exception {
    var message = IdentifyMessage.newBuilder().setAgentVersion("x".repeat(1000));
    IntStream.range(0, 500).forEach(i -> message.addListenAddrs(address("/ip4/1.2.3.4/tcp/" + i)));
    message.addProtocols("y".repeat(300));
    PeerId greedy = meetPeerThatSays(message.build().toByteArray());
    PeerInfo info = await(found -> found.agent().startsWith("xxx"));
    assertThat(info.agent()).hasSize(256);
    assertThat(info.protocols()).isEmpty();
    assertThat(claimed(greedy)).hasSize(64);
  }

  @Test
  void theAddressThatLedToThePeerOutlivesWhatThePeerSays() throws Exception {
    PeerId behindNat =
        meetPeerThatSays(
            IdentifyMessage.newBuilder()
                .setAgentVersion("behind a NAT")
                .addListenAddrs(address("/ip4/192.168.0.2/tcp/5"))
                .build()
                .toByteArray());
    await(info -> info.agent().equals("behind a NAT"));
    assertThat(hosts.getLast().peerstore().addresses(behindNat))
        .containsExactly(
            hosts.getFirst().addresses().getFirst(), Multiaddr.parse("/ip4/192.168.0.2/tcp/5"));
  }

  @Test
  void garbageFailsTheIdentificationAndNothingElse() throws Exception {
    PeerId garbled = meetPeerThatSays("\u0007garbage".getBytes(StandardCharsets.ISO_8859_1));
    Host client = hosts.getLast();
    try (Stream stream = client.open(garbled, "/still/works")) {
      assertThat(stream.input().readAllBytes()).containsExactly(1);
    }
    assertThat(client.peerstore().info(garbled)).isEmpty();
  }

  /** Connects a new host to one whose identify answer is made by hand. */
  private PeerId meetPeerThatSays(byte[] message) throws IOException {
    Host peer =
        start(
            Host.builder()
                .time(new ManualTime()) // stands still: no push that says who it really is
                .handle(
                    Identify.PROTOCOL,
                    stream -> {
                      stream.write(Varint.encode(message.length));
                      stream.write(message);
                    })
                .handle("/still/works", stream -> stream.write(new byte[] {1})));
    Host client = start(Host.builder());
    client.dial(peer.addresses().getFirst());
    return peer.peerId();
  }

  /** What the client knows of the peer's addresses beside the one that it dialed. */
  private List<Multiaddr> claimed(PeerId peer) {
    var addresses = new ArrayList<>(hosts.getLast().peerstore().addresses(peer));
    addresses.removeAll(hosts.getFirst().addresses());
    return addresses;
  }

  private static ByteString address(String text) {
    return ByteString.copyFrom(Multiaddr.parse(text).toBytes());
  }

  private PeerInfo await(Predicate<PeerInfo> wanted) throws InterruptedException {
    while (true) {
      PeerInfo info = identified.poll(20, TimeUnit.SECONDS);
      assertThat(info).as("the identification that was waited for").isNotNull();
      if (wanted.test(info)) {
        return info;
      }
    }
  }

  private Host start(HostBuilder builder) throws IOException {
    Host host =
        builder
            .listener(
                new HostListener() {
                  @Override
                  public void identified(PeerId peer, PeerInfo info) {
                    identified.add(info);
                  }
                })
            .listen("/ip4/127.0.0.1/tcp/0")
            .start();
    hosts.add(host);
    return host;
  }
}
