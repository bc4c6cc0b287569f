package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AddressTokensTest {
  private static final InetSocketAddress PEER = address("9.9.9.9", 4001);
  private static final byte[] ID = HexFormat.of().parseHex("0102030405060708090a");

  private long now;
  private boolean required = true;
  private final AddressTokens tokens = new AddressTokens(() -> required, () -> now);

  @Test
  void aTokenIsGoodForTheAddressThatItWasSentToAndHoldsTheConnectionId() {
    byte[] token = token(PEER);
    int at = validate(token, PEER);
    assertThat(at).isPositive();
    assertThat(Arrays.copyOfRange(token, at, token.length)).isEqualTo(ID);
    assertThat(token).hasSizeLessThanOrEqualTo(tokens.maxTokenLength());
  }

  @Test
  void itIsGoodForNoOtherAddress() {
    byte[] token = token(PEER);
    assertThat(validate(token, address("9.9.9.8", 4001))).isNegative();
    assertThat(validate(token, address("9.9.9.9", 4002))).isNegative();
    assertThat(validate(token, address("2001:4860::9", 4001))).isNegative();
  }

  @Test
  void itIsGoodForTenSeconds() {
    byte[] token = token(PEER);
    now = 10_000_000_000L;
    assertThat(validate(token, PEER)).isPositive();
    now++;
    assertThat(validate(token, PEER)).isNegative();
  }

  @Test
  void anyBitOfItThatIsChangedSpoilsIt() {
    byte[] token = token(PEER);
    for (int bit = 0; bit < 8 * token.length; bit++) {
      byte[] forged = token.clone();
      forged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(validate(forged, PEER)).as("bit %d", bit).isNegative();
    }
  }

  @Test
  void anotherSocketsTokenIsNotOurs() {
    var others = new AddressTokens(() -> true, () -> now);
    ByteBuf token = Unpooled.buffer();
    others.writeToken(token, Unpooled.wrappedBuffer(ID), PEER);
    assertThat(tokens.validateToken(token, PEER)).isNegative();
  }

  @Test
  void whatHasTheLengthOfNoTokenIsNone() {
    byte[] token = token(PEER);
    for (int length : new int[] {0, 1, 39, tokens.maxTokenLength() + 1, 1_200}) {
      assertThat(validate(Arrays.copyOf(token, length), PEER)).as("%d bytes", length).isNegative();
    }
  }

  /** quinn brings those of other servers, which has to be no worse than to bring none. */
  @Test
  void withoutNeedNoConnectionIdIsFoundInATokenOfOthers() {
    required = false;
    for (int length : new int[] {39, 60, 71}) {
      assertThat(validate(new byte[length], PEER)).isEqualTo(length);
    }
  }

  @Test
  void withoutNeedNobodyGetsOne() {
    required = false;
    ByteBuf out = Unpooled.buffer();
    assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(ID), PEER)).isFalse();
    assertThat(out.isReadable()).isFalse();
  }

  private byte[] token(InetSocketAddress address) {
    ByteBuf out = Unpooled.buffer();
    assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(ID), address)).isTrue();
    return ByteBufUtil.getBytes(out);
  }

  private int validate(byte[] token, InetSocketAddress address) {
    return tokens.validateToken(Unpooled.wrappedBuffer(token), address);
  }

  private static InetSocketAddress address(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }
}
