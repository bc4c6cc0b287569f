package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.tls.HostCertificate;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.TimeSource;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Others who speak QUIC, and over it something that is not libp2p: tls/tls.md, "ALPN". */
@Timeout(60)
class ApplicationProtocolTest {
  private final HostCertificate certificate =
      HostCertificate.of(PrivateKey.generate(KeyType.ED25519));
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();

  @Test
  void onlyWhoSpeaksLibp2pGetsIn() throws Exception {
    var transport =
        new QuicTransport(
            PrivateKey.generate(KeyType.ED25519), QuicSettings.defaults(), TimeSource.system());
    try (Listener listener =
        transport.listen(
            Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"),
            incoming ->
                Thread.startVirtualThread(
                    () -> {
                      try {
                        incoming.secure();
                        outcomes.add("secured");
                      } catch (IOException e) {
                        outcomes.add("refused");
                      }
                    }))) {
      int port = listener.address().port().orElseThrow();
      assertThat(connect(port, "libp2p")).isTrue();
      assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo("secured");
      assertThat(connect(port, "h3")).isFalse();
      assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo("refused");
    }
  }

  private boolean connect(int port, String protocol) throws InterruptedException {
    var loopback = InetAddress.getLoopbackAddress();
    var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      var tls =
          QuicSslContextBuilder.forClient()
              .keyManager(certificate.key(), null, certificate.certificate())
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .applicationProtocols(protocol)
              .build();
      Channel udp =
          new Bootstrap()
              .group(group)
              .channel(NioDatagramChannel.class)
              .handler(
                  new QuicClientCodecBuilder()
                      .sslContext(tls)
                      .maxIdleTimeout(20, TimeUnit.SECONDS)
                      .build())
              .bind(new InetSocketAddress(loopback, 0))
              .sync()
              .channel();
      var connected =
          QuicChannel.newBootstrap(udp)
              .handler(new ChannelInboundHandlerAdapter())
              .streamHandler(new ChannelInboundHandlerAdapter())
              .remoteAddress(new InetSocketAddress(loopback, port))
              .connect()
              .await();
      if (connected.isSuccess()) {
        connected.getNow().close().sync();
      }
      return connected.isSuccess();
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
