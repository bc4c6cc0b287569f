package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.security.tls.HostCertificate;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.SslSessionTicketKey;
import io.netty.handler.ssl.ClientAuth;
import io.netty.util.AttributeKey;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.3 as libp2p wants it: both ends present a certificate of their own making, and no authority
 * is asked about it. Specification: tls/tls.md.
 */
final class QuicTls {
  /** The spec's "ALPN". */
  private static final String APPLICATION_PROTOCOL = "libp2p";

  /** Where a connection has its {@link Handshake}. */
  static final AttributeKey<Handshake> HANDSHAKE = AttributeKey.valueOf(QuicTls.class, "handshake");

  private static final String SESSION_VALUE = Handshake.class.getName();

  private final SecureRandom random = new SecureRandom();
  private final QuicSslContext client;
  private final QuicSslContext server;

  QuicTls(HostCertificate own) {
    var verifier = new Verifier();
    client =
        QuicSslContextBuilder.forClient()
            .keyManager(own.key(), null, own.certificate())
            .trustManager(verifier)
            .applicationProtocols(APPLICATION_PROTOCOL)
            .build();
    server =
        QuicSslContextBuilder.forServer(own.key(), null, own.certificate())
            .trustManager(verifier)
            .clientAuth(ClientAuth.REQUIRE)
            .applicationProtocols(APPLICATION_PROTOCOL)
            .build();
  }

  /** For a connection that we dial; its handshake is an attribute already. */
  QuicSslEngine clientEngine(QuicChannel channel) {
    return engine(client, channel, channel.attr(HANDSHAKE).get());
  }

  /** For a connection that has come in, which gets its handshake here. */
  QuicSslEngine serverEngine(QuicChannel channel) {
    forgetTickets();
    var handshake = new Handshake(Optional.empty());
    channel.attr(HANDSHAKE).set(handshake);
    return engine(server, channel, handshake);
  }

  /**
   * Who comes back with a ticket would present no certificate; rust-libp2p does. The codec cannot
   * be told to give none out, but with another key for each connection none is worth anything.
   */
  private void forgetTickets() {
    server
        .sessionContext()
        .setTicketKeys(
            new SslSessionTicketKey(
                random(SslSessionTicketKey.NAME_SIZE),
                random(SslSessionTicketKey.HMAC_KEY_SIZE),
                random(SslSessionTicketKey.AES_KEY_SIZE)));
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Without a peer's name: there is no SNI, and no session to be found again by it. */
  private static QuicSslEngine engine(
      QuicSslContext context, QuicChannel channel, Handshake handshake) {
    QuicSslEngine engine = context.newEngine(channel.alloc());
    engine.getSession().putValue(SESSION_VALUE, handshake);
    return engine;
  }

  /** Asks the handshake that a certificate belongs to. */
  private static final class Verifier extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      verify(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      verify(chain, engine);
    }

    private static void verify(X509Certificate[] chain, SSLEngine engine)
        throws CertificateException {
      ((Handshake) engine.getSession().getValue(SESSION_VALUE)).verify(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw withoutEngine();
    }

    private static CertificateException withoutEngine() {
      return new CertificateException("only handshakes of an engine are verified");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
