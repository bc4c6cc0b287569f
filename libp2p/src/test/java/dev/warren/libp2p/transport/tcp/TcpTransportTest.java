package dev.warren.libp2p.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.CancelledException;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TcpTransportTest {
  private final BlockingQueue<RawConnection> accepted = new LinkedBlockingQueue<>();

  @ParameterizedTest
  @CsvSource({
    "/ip4/127.0.0.1/tcp/0, true",
    "/ip6/::1/tcp/0, true",
    "/ip6zone/eth0/ip6/fe80::1/tcp/1, true",
    "/ip4/127.0.0.1/udp/0, false",
    "/ip4/127.0.0.1/tcp/0/ws, false",
    "/dns4/localhost/tcp/1, false",
    "/memory/1, false"
  })
  void handlesIpAndTcpOnly(String address, boolean expected) {
    assertThat(new TcpTransport().handles(Multiaddr.parse(address))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0"})
  void carriesBytesBothWaysAndHalfCloses(String address) throws Exception {
    var transport = new TcpTransport();
    try (Listener listener = transport.listen(Multiaddr.parse(address), accepted::add);
        RawConnection dialed = transport.dial(listener.address(), new Cancellation());
        RawConnection inbound = next()) {
      assertThat(inbound.localAddress()).isEqualTo(listener.address());
      assertThat(inbound.remoteAddress()).isEqualTo(dialed.localAddress());
      dialed.write(new byte[] {1, 2, 3});
      dialed.closeWrite();
      assertThat(inbound.input().readAllBytes()).containsExactly(1, 2, 3);
      inbound.write(new byte[] {4});
      inbound.closeWrite();
      assertThat(dialed.input().readAllBytes()).containsExactly(4);
    }
  }

  @Test
  void aDualStackListenerTakesBothFamiliesAndShowsIpv4AsIpv4() throws Exception {
    var transport = new TcpTransport();
    try (Listener listener = transport.listen(Multiaddr.parse("/ip6/::/tcp/0"), accepted::add)) {
      int port = listener.address().port().orElseThrow();
      try (RawConnection v4 =
              transport.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port), new Cancellation());
          RawConnection inbound = next()) {
        assertThat(inbound.remoteAddress()).isEqualTo(v4.localAddress());
        assertThat(inbound.remoteAddress().toString()).startsWith("/ip4/127.0.0.1/");
      }
      try (RawConnection v6 =
              transport.dial(Multiaddr.parse("/ip6/::1/tcp/" + port), new Cancellation());
          RawConnection inbound = next()) {
        assertThat(inbound.remoteAddress()).isEqualTo(v6.localAddress());
      }
    }
  }

  @Test
  void withPortReuseADialLeavesFromTheListeningPort() throws Exception {
    var transport = new TcpTransport(true);
    var other = new TcpTransport();
    try (Listener own = transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), _ -> {});
        Listener remote = other.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), accepted::add);
        RawConnection dialed = transport.dial(remote.address(), new Cancellation());
        RawConnection inbound = next()) {
      assertThat(inbound.remoteAddress()).isEqualTo(own.address());
      // The same pair of addresses cannot be connected twice: the second dial takes another port.
      try (RawConnection second = transport.dial(remote.address(), new Cancellation());
          RawConnection secondInbound = next()) {
        assertThat(secondInbound.remoteAddress()).isEqualTo(second.localAddress());
        assertThat(second.localAddress()).isNotEqualTo(dialed.localAddress());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0"})
  void withPortReuseADualStackListenerServesDialsOfBothFamilies(String address) throws Exception {
    var transport = new TcpTransport(true);
    var other = new TcpTransport();
    try (Listener own = transport.listen(Multiaddr.parse("/ip6/::/tcp/0"), _ -> {});
        Listener remote = other.listen(Multiaddr.parse(address), accepted::add);
        RawConnection dialed = transport.dial(remote.address(), new Cancellation());
        RawConnection inbound = next()) {
      assertThat(inbound.remoteAddress()).isEqualTo(dialed.localAddress());
      assertThat(dialed.localAddress().port()).isEqualTo(own.address().port());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPortInUseIsNamedInTheError(boolean reusePort) throws Exception {
    var transport = new TcpTransport(reusePort);
    try (Listener listener =
        transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), accepted::add)) {
      assertThatThrownBy(() -> transport.listen(listener.address(), accepted::add))
          .isInstanceOf(BindException.class)
          .hasMessageContaining(listener.address().toString());
    }
  }

  @Test
  void aClosedPortIsRefused() throws Exception {
    var transport = new TcpTransport();
    Listener listener = transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), accepted::add);
    listener.close();
    assertThatThrownBy(() -> transport.dial(listener.address(), new Cancellation()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aCancelledDialSaysWhy() {
    var cancellation = new Cancellation();
    cancellation.cancel("another address was faster");
    assertThatThrownBy(
            () -> new TcpTransport().dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/9"), cancellation))
        .isInstanceOf(CancelledException.class)
        .hasMessage("another address was faster");
  }

  @Test
  @SuppressWarnings("try") // closing by hand is what is tested
  void closingFromAnotherThreadEndsABlockedRead() throws Exception {
    var transport = new TcpTransport();
    try (Listener listener =
            transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), accepted::add);
        RawConnection dialed = transport.dial(listener.address(), new Cancellation())) {
      var ended = new LinkedBlockingQueue<IOException>();
      Thread.startVirtualThread(
          () -> {
            try {
              dialed.read(new byte[1], 0, 1);
            } catch (IOException e) {
              ended.add(e);
            }
          });
      next();
      dialed.close();
      assertThat(ended.poll(30, TimeUnit.SECONDS)).isNotNull();
    }
  }

  private RawConnection next() throws InterruptedException {
    RawConnection connection = accepted.poll(30, TimeUnit.SECONDS);
    assertThat(connection).as("a connection was accepted").isNotNull();
    return connection;
  }
}
