package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.ManualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a socket does with packets of connections that it does not know: RFC 9000 §10.3. */
class StatelessResetsTest {
  private static final InetSocketAddress HERE = loopback(4001);
  private static final InetSocketAddress PEER = loopback(4002);
  private static final long STRAY = 0x1111111111111111L;
  private static final long LIVE = 0x2222222222222222L;

  private final PrivateKey hostKey = PrivateKey.generate(KeyType.ED25519);
  private final ManualTime time = new ManualTime();
  private final Taker server = new Taker();
  private final Taker client = new Taker();
  private final Demultiplexer demultiplexer =
      new Demultiplexer(
          server,
          id -> id.remaining() == 8 && id.getLong(id.position()) == LIVE,
          new StatelessResets(tokens(hostKey, HERE), time::nanoTime));
  private final EmbeddedChannel channel = new EmbeddedChannel(demultiplexer, server, client);

  StatelessResetsTest() {
    demultiplexer.setAccepting(true);
  }

  // ---- answers

  @ParameterizedTest
  @ValueSource(ints = {22, 30, 43, 1200, 1500})
  void whoSendsForAnUnknownConnectionGetsItsToken(int length) {
    byte[] answer = receive(packet(STRAY, length)).getFirst();
    assertThat(answer).hasSizeLessThan(length).hasSize(21);
    assertThat(answer[0] & 0xc0).as("a short header").isEqualTo(0x40);
    assertThat(tokenOf(answer)).isEqualTo(token(hostKey, HERE, STRAY));
    assertThat(server.taken).isEmpty();
  }

  @Test
  void answersShowNothingButTheToken() {
    Set<ByteBuffer> heads = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      heads.add(ByteBuffer.wrap(receive(packet(STRAY, 100)).getFirst(), 0, 5));
    }
    assertThat(heads).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 9, 16, 20, 21})
  void whatMayItselfBeOurAnswerHasNone(int length) {
    assertThat(receive(packet(STRAY, length))).isEmpty();
  }

  @Test
  void ofTwoThatWereStartedAgainOneAnswersOnce() {
    byte[] answer = receive(packet(STRAY, 1200)).getFirst();
    assertThat(receive(answer)).isEmpty();
  }

  @Test
  void packetsOfConnectionsThatAreKnownGoThere() {
    assertThat(receive(packet(LIVE, 100))).isEmpty();
    assertThat(server.taken).hasSize(1);
  }

  @Test
  void whoDoesNotListenHasGivenNobodyAToken() {
    demultiplexer.setAccepting(false);
    assertThat(receive(packet(STRAY, 100))).isEmpty();
  }

  @Test
  void packetsWithALongHeaderHaveNoAnswer() {
    byte[] bytes = packet(STRAY, 1300);
    for (int first = 0xc0; first <= 0xff; first++) {
      bytes[0] = (byte) first;
      assertThat(receive(bytes)).isEmpty();
    }
  }

  @Test
  void answersAreFewEnoughNotToMatter() throws Exception {
    int answered = 0;
    for (int i = 0; i < 5_000; i++) {
      answered += receive(packet(STRAY, 100)).size();
    }
    assertThat(answered).isEqualTo(StatelessResets.MAX_A_SECOND);
    time.advance(Duration.ofSeconds(1));
    assertThat(receive(packet(STRAY, 100))).hasSize(1);
  }

  /** What the codec makes the id of who comes with an address token, whatever is in that. */
  @Test
  void nobodyTakesOverTheIdOfAnother() {
    byte[] longer = initial(20, LIVE);
    assertThat(receive(longer)).isEmpty();
    assertThat(server.taken).isEmpty();
    receive(initial(20, STRAY));
    receive(initial(8, LIVE));
    assertThat(server.taken).hasSize(2);
  }

  private static byte[] initial(int idLength, long id) {
    byte[] bytes = new byte[1200];
    bytes[0] = (byte) 0xc0;
    bytes[5] = (byte) idLength;
    ByteBuffer.wrap(bytes).putLong(6, id);
    return bytes;
  }

  // ---- tokens

  @Test
  void tokensOutliveTheProcessAndBelongToOneIdOneSocketAndOneHost() {
    byte[] token = token(hostKey, HERE, STRAY);
    PrivateKey read = PrivateKey.fromProtobuf(hostKey.toProtobuf());
    assertThat(token(read, HERE, STRAY)).isEqualTo(token);
    assertThat(token(hostKey, HERE, STRAY + 1)).isNotEqualTo(token);
    assertThat(token(hostKey, PEER, STRAY)).isNotEqualTo(token);
    assertThat(token(hostKey, new InetSocketAddress("0.0.0.0", 4001), STRAY)).isNotEqualTo(token);
    assertThat(token(PrivateKey.generate(KeyType.ED25519), HERE, STRAY)).isNotEqualTo(token);
  }

  // ---- connections that were dialed

  @Test
  void onlyConnectionsWithItsSenderAreOfferedAReset() {
    List<Long> offered = new ArrayList<>();
    dialed(1, PEER, offered);
    dialed(2, loopback(4003), offered);
    byte[] reset = packet(STRAY, 40);
    Arrays.fill(reset, 24, 40, (byte) 7);
    receive(reset);
    assertThat(offered).containsExactly(1L);
    byte[] handed = client.taken.getFirst();
    assertThat(handed[0]).as("a short header").isEqualTo((byte) 0x40);
    assertThat(ByteBuffer.wrap(handed).getLong(1)).isEqualTo(1);
    assertThat(tokenOf(handed)).containsOnly(7);
    assertThat(server.taken).isEmpty();
  }

  @Test
  void theShortestResetIsOfferedWhole() {
    dialed(1, PEER, new ArrayList<>());
    byte[] reset = packet(STRAY, 21);
    receive(reset);
    assertThat(tokenOf(client.taken.getFirst())).isEqualTo(tokenOf(reset));
    assertThat(client.taken.getFirst()).hasSizeGreaterThan(1 + 8 + 4 + 16);
  }

  @Test
  void lessThanAResetIsOfferedToNobody() {
    List<Long> offered = new ArrayList<>();
    dialed(1, PEER, offered);
    for (int length = 1; length < 21; length++) {
      receive(packet(STRAY, length));
    }
    assertThat(offered).isEmpty();
  }

  @Test
  void oneDatagramCostsFewDecryptions() {
    List<Long> offered = new ArrayList<>();
    for (int id = 1; id <= 100; id++) {
      dialed(id, PEER, offered);
    }
    receive(packet(STRAY, 40));
    assertThat(offered).hasSize(4);
  }

  @Test
  void whatEndedAConnectionHasNoAnswer() {
    demultiplexer.addDialed(1, PEER, _ -> true);
    assertThat(receive(packet(STRAY, 40))).isEmpty();
  }

  @Test
  void aConnectionThatIsOverIsOfferedNothing() {
    List<Long> offered = new ArrayList<>();
    dialed(1, PEER, offered);
    demultiplexer.endDialed(1, PEER);
    assertThat(receive(packet(STRAY, 40))).hasSize(1);
    assertThat(offered).isEmpty();
    assertThat(receive(packet(1, 40))).as("its own late packets").isEmpty();
  }

  private void dialed(long id, InetSocketAddress remote, List<Long> offered) {
    demultiplexer.addDialed(
        id,
        remote,
        action -> {
          offered.add(id);
          action.run();
          return false;
        });
  }

  /** What is sent in answer. */
  private List<byte[]> receive(byte[] datagram) {
    ByteBuf bytes = Unpooled.copiedBuffer(datagram);
    channel.writeInbound(new DatagramPacket(bytes, HERE, PEER));
    assertThat(bytes.refCnt()).isZero();
    List<byte[]> answers = new ArrayList<>();
    for (DatagramPacket out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      assertThat(out.recipient()).isEqualTo(PEER);
      answers.add(bytes(out));
    }
    return answers;
  }

  private static byte[] packet(long id, int length) {
    byte[] bytes = new byte[Math.max(length, 9)];
    bytes[0] = 0x40;
    ByteBuffer.wrap(bytes).putLong(1, id);
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] tokenOf(byte[] reset) {
    return Arrays.copyOfRange(reset, reset.length - 16, reset.length);
  }

  private static byte[] token(PrivateKey key, InetSocketAddress local, long id) {
    byte[] token = new byte[16];
    tokens(key, local).newResetToken(ByteBuffer.allocate(8).putLong(0, id)).get(token);
    return token;
  }

  private static ResetTokens tokens(PrivateKey key, InetSocketAddress local) {
    return new ResetTokens(ResetTokens.key(key), () -> local);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static byte[] bytes(DatagramPacket packet) {
    byte[] bytes = new byte[packet.content().readableBytes()];
    packet.content().readBytes(bytes);
    packet.release();
    return bytes;
  }

  private static final class Taker extends ChannelInboundHandlerAdapter {
    private final List<byte[]> taken = new ArrayList<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      taken.add(bytes((DatagramPacket) message));
    }
  }
}
