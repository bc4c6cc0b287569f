package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import javax.crypto.spec.SecretKeySpec;

class DemultiplexerFuzzTest {
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  private static final InetSocketAddress THERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
  private static final long DIALED = 0x0102030405060708L;

  @FuzzTest
  void datagramsReachOneHandlerOrNone(byte[] input) {
    var server = new Taker();
    var client = new Taker();
    var tokens = new ResetTokens(new SecretKeySpec(new byte[32], "HmacSHA256"), () -> HERE);
    var demultiplexer =
        new Demultiplexer(
            server, id -> id.get(id.position()) == 0, new StatelessResets(tokens, () -> 0));
    demultiplexer.setAccepting(true);
    demultiplexer.addDialed(DIALED, THERE, _ -> false);
    ByteBuf bytes = Unpooled.buffer(input.length + 1).writeBytes(input);
    var channel = new EmbeddedChannel(demultiplexer, server, client);

    channel.writeInbound(new DatagramPacket(bytes, HERE, THERE));

    assertThat(server.taken + client.taken).isLessThanOrEqualTo(1);
    assertThat(bytes.refCnt()).as("nobody keeps what has been handled").isZero();
    if (client.taken > 0) {
      int idAt = input[0] < 0 ? 6 : 1;
      assertThat(ByteBuffer.wrap(input).getLong(idAt)).isEqualTo(DIALED);
    }
    DatagramPacket answer = channel.readOutbound();
    if (answer != null) {
      assertThat(server.taken + client.taken).isZero();
      assertThat(answer.content().readableBytes()).isLessThan(input.length);
      answer.release();
    }
    channel.finishAndReleaseAll();
  }

  private static final class Taker extends ChannelInboundHandlerAdapter {
    private int taken;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      taken++;
      ((DatagramPacket) message).release();
    }
  }
}
