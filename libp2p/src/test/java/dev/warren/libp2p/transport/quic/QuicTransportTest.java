package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.tls.HostCertificate;
import dev.warren.libp2p.security.tls.TestCertificate;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.CancelledException;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.StreamClosedException;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two transports over real sockets on the loopback interface. */
@Timeout(60)
class QuicTransportTest {
  private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1");

  private final PrivateKey serverKey = PrivateKey.generate(KeyType.ED25519);
  private final PrivateKey clientKey = PrivateKey.generate(KeyType.ED25519);
  private final QuicTransport client = transport(clientKey, QuicSettings.defaults());
  private final BlockingQueue<SecuredConnection> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<IOException> failed = new LinkedBlockingQueue<>();
  private final BlockingQueue<MuxedStream> streams = new LinkedBlockingQueue<>();
  private final List<MuxedConnection> connections = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();

  @AfterEach
  void close() {
    connections.forEach(MuxedConnection::close);
    accepted.forEach(connection -> connection.muxed().close());
    listeners.forEach(Listener::close);
  }

  @Test
  void bothEndsKnowEachOther() throws Exception {
    SecuredConnection dialed = dial();
    SecuredConnection other = accepted.take();
    assertThat(dialed.remotePeer()).isEqualTo(serverKey.peerId());
    assertThat(other.remoteKey()).isEqualTo(clientKey.publicKey());
    assertThat(other.remoteAddress()).isEqualTo(dialed.localAddress());
    assertThat(dialed.remoteAddress()).isEqualTo(other.localAddress());
  }

  @Test
  void anotherPeerThanTheExpectedIsRefused() throws Exception {
    PeerId wrong = PrivateKey.generate(KeyType.ED25519).peerId();
    Multiaddr address = listen(QuicSettings.defaults());
    assertThatThrownBy(() -> client.dial(address, Optional.of(wrong), new Cancellation()))
        .isInstanceOfSatisfying(
            HandshakeException.class,
            e -> assertThat(e.reason()).isEqualTo(HandshakeException.Reason.WRONG_PEER))
        .hasMessageContaining(serverKey.peerId().toString());
  }

  @Test
  void aListenerWhoseCertificateIsStolenIsRefused() throws Exception {
    HostCertificate stolen = stolen(serverKey);
    var thief =
        new QuicTransport(
            () -> stolen, ResetTokens.key(serverKey), QuicSettings.defaults(), TimeSource.system());
    Listener listener = thief.listen(ANY, this::accept);
    listeners.add(listener);
    assertThatThrownBy(
            () ->
                client.dial(
                    listener.address(), Optional.of(serverKey.peerId()), new Cancellation()))
        .isInstanceOfSatisfying(
            HandshakeException.class,
            e -> assertThat(e.reason()).isEqualTo(HandshakeException.Reason.BAD_SIGNATURE));
  }

  @Test
  void aDialerWhoseCertificateIsStolenIsRefused() throws Exception {
    HostCertificate stolen = stolen(clientKey);
    var thief =
        new QuicTransport(
            () -> stolen, ResetTokens.key(serverKey), QuicSettings.defaults(), TimeSource.system());
    Multiaddr address = listen(QuicSettings.defaults());
    try {
      connections.add(
          thief.dial(address, Optional.of(serverKey.peerId()), new Cancellation()).muxed());
    } catch (IOException e) {
      // A dialer may take the connection for good until the listener has seen its certificate.
    }
    assertThat(failed.take())
        .isInstanceOfSatisfying(
            HandshakeException.class,
            e -> assertThat(e.reason()).isEqualTo(HandshakeException.Reason.BAD_SIGNATURE));
    assertThat(accepted).isEmpty();
  }

  /** Names a host whose key its maker does not have. */
  private static HostCertificate stolen(PrivateKey host) throws Exception {
    PrivateKey own = PrivateKey.generate(KeyType.ED25519);
    return TestCertificate.claiming(host.publicKey(), own);
  }

  @Test
  void eachHalfOfAStreamEndsByItself() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    stream.write(new byte[] {1, 2, 3});
    stream.closeWrite();
    MuxedStream other = streams.take();
    assertThat(other.input().readAllBytes()).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(StreamClosedException.class);
    other.write(new byte[] {4, 5});
    other.closeWrite();
    assertThat(stream.input().readAllBytes()).containsExactly(4, 5);
    eventuallyNoStreams();
  }

  @Test
  void allThatWasWrittenArrivesBeforeTheEnd() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    byte[] sent = new byte[3 << 20];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) ((i * 31) >> 8);
    }
    Thread.startVirtualThread(
        () -> {
          try (stream) {
            stream.write(sent);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(streams.take().input().readAllBytes()).isEqualTo(sent);
  }

  @Test
  void aResetTellsTheOtherEndItsCode() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    stream.write(new byte[] {1});
    MuxedStream other = streams.take();
    other.readFully(new byte[1], 0, 1);
    stream.reset(77);
    assertThatThrownBy(() -> other.read(new byte[1], 0, 1))
        .isInstanceOfSatisfying(
            StreamResetException.class,
            e -> {
              assertThat(e.code()).isEqualTo(77);
              assertThat(e.remote()).isTrue();
            });
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.remote()).isFalse());
    assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(StreamResetException.class);
    assertThatThrownBy(
            () -> {
              while (true) {
                other.write(new byte[1000]);
              }
            })
        .isInstanceOf(StreamResetException.class);
    eventuallyNoStreams();
  }

  @Test
  void aReadThatIsBlockedEndsWithTheStream() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    var ended = new CompletableFuture<IOException>();
    Thread.startVirtualThread(
        () -> {
          try {
            stream.read(new byte[1], 0, 1);
          } catch (IOException e) {
            ended.complete(e);
          }
        });
    stream.close();
    assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(StreamClosedException.class);
  }

  @Test
  void whoReadsNoMoreMakesTheWriterStop() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    stream.write(new byte[1]);
    MuxedStream other = streams.take();
    other.closeRead();
    assertThatThrownBy(
            () -> {
              while (true) {
                stream.write(new byte[1000]);
              }
            })
        .isInstanceOf(StreamResetException.class);
    other.write(new byte[] {9});
    other.closeWrite();
    assertThat(stream.input().readAllBytes()).containsExactly(9);
  }

  @Test
  void whoHasSentAllAndReadsNoMoreMakesTheWriterStopToo() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    stream.write(new byte[1]);
    stream.close();
    MuxedStream other = streams.take();
    assertThat(other.input().readAllBytes()).hasSize(1);
    other.setWriteTimeout(Duration.ofSeconds(20));
    assertThatThrownBy(
            () -> {
              while (true) {
                other.write(new byte[1000]);
              }
            })
        .isInstanceOf(StreamResetException.class);
    eventuallyNoStreams();
  }

  @Test
  void aWriterWaitsForAReaderThatDoesNotRead() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    stream.setWriteTimeout(Duration.ofMillis(200));
    var written = new AtomicLong();
    assertThatThrownBy(
            () -> {
              while (written.get() < 64 << 20) {
                stream.write(new byte[10_000]);
                written.addAndGet(10_000);
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(written.get()).as("no more than a window and what is under way").isLessThan(4 << 20);
    stream.reset(0);
  }

  @Test
  void streamsThatNobodyReadsHoldUpNoOther() throws Exception {
    MuxedConnection connection = dial().muxed();
    for (int i = 0; i < 3; i++) {
      writeUntilHeldBack(connection.openStream());
      streams.take();
    }
    for (int i = 0; i < 100; i++) {
      MuxedStream small = connection.openStream();
      small.setWriteTimeout(Duration.ofSeconds(20));
      small.write(new byte[100_000]);
      small.closeWrite();
      MuxedStream other = streams.take();
      other.setReadTimeout(Duration.ofSeconds(20));
      assertThat(other.input().readAllBytes()).hasSize(100_000);
      other.close();
      small.close();
    }
  }

  private static void writeUntilHeldBack(MuxedStream stream) {
    stream.setWriteTimeout(Duration.ofMillis(200));
    assertThatThrownBy(
            () -> {
              while (true) {
                stream.write(new byte[10_000]);
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aReadThatTakesTooLongMayBeTriedAgain() throws Exception {
    MuxedStream stream = dial().muxed().openStream();
    stream.write(new byte[1]);
    stream.setReadTimeout(Duration.ofMillis(50));
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOf(SocketTimeoutException.class);
    stream.setReadTimeout(Duration.ZERO);
    streams.take().write(new byte[] {7});
    byte[] read = new byte[1];
    stream.readFully(read, 0, 1);
    assertThat(read).containsExactly(7);
  }

  @Test
  void aThousandStreamsAreOpenAtOnce() throws Exception {
    MuxedConnection connection = dial().muxed();
    var opened = new ArrayList<MuxedStream>();
    for (int i = 0; i < 1_000; i++) {
      MuxedStream stream = connection.openStream();
      stream.write(new byte[] {(byte) i});
      opened.add(stream);
    }
    var others = new ArrayList<MuxedStream>();
    for (int i = 0; i < 1_000; i++) {
      others.add(streams.take());
    }
    assertThat(connection.streamCount()).isEqualTo(1_000);
    for (MuxedStream other : others) {
      byte[] read = new byte[1];
      other.readFully(read, 0, 1);
      other.write(read);
      other.close();
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(opened.get(i).input().readAllBytes()).containsExactly(i);
      opened.get(i).close();
    }
    eventuallyNoStreams();
  }

  @Test
  void whoOpensMoreStreamsThanThePeerTakesWaits() throws Exception {
    MuxedConnection connection = dial(QuicSettings.defaults().withMaxStreams(2)).muxed();
    MuxedStream first = connection.openStream();
    connection.openStream().write(new byte[1]);
    var third = new CompletableFuture<MuxedStream>();
    Thread opening =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    third.complete(connection.openStream());
                  } catch (IOException e) {
                    third.completeExceptionally(e);
                  }
                });
    while (opening.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    first.write(new byte[1]);
    List<MuxedStream> taken = List.of(streams.take(), streams.take());
    assertThat(third).isNotDone();
    taken.forEach(stream -> stream.reset(0));
    first.reset(0);
    third.get(30, TimeUnit.SECONDS).write(new byte[] {3});
    assertThat(streams.take().read(new byte[1], 0, 1)).isEqualTo(1);
  }

  @Test
  void streamsThatAreRefusedOrResetLeaveNothingBehind() throws Exception {
    SecuredConnection dialed = dial();
    for (int i = 0; i < 200; i++) {
      MuxedStream stream = dialed.muxed().openStream();
      stream.write(new byte[10]);
      MuxedStream other = streams.take();
      switch (i % 4) {
        case 0 -> stream.reset(1);
        case 1 -> other.reset(1);
        case 2 -> stream.close();
        default -> other.close();
      }
      stream.close();
      other.close();
    }
    eventuallyNoStreams();
    assertThat(streams).as("no stream comes back from the dead").isEmpty();
  }

  @Test
  void aConnectionThatIsClosedEndsWhatIsBlockedOnBothEnds() throws Exception {
    SecuredConnection dialed = dial();
    MuxedStream stream = dialed.muxed().openStream();
    stream.write(new byte[1]);
    MuxedStream other = streams.take();
    other.readFully(new byte[1], 0, 1);
    dialed.muxed().close();
    assertThatThrownBy(() -> other.read(new byte[1], 0, 1))
        .isInstanceOf(ConnectionClosedException.class);
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOf(ConnectionClosedException.class);
    assertThatThrownBy(dialed.muxed()::openStream).isInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void aConnectionSurvivesThatANatMovesTheDialerToOtherPorts() throws Exception {
    try (var nat = new RebindingNat(socketAddress(listen(QuicSettings.defaults())))) {
      Multiaddr address = QuicTransport.multiaddr(nat.address());
      SecuredConnection dialed = client.dial(address, Optional.empty(), new Cancellation());
      connections.add(dialed.muxed());
      for (int i = 0; i < 5; i++) {
        MuxedStream stream = dialed.muxed().openStream();
        stream.write(new byte[] {(byte) i});
        MuxedStream other = streams.take();
        other.write(new byte[] {(byte) other.input().read()});
        assertThat(stream.input().read()).isEqualTo(i);
        nat.rebind();
      }
    }
  }

  @Test
  void streamsEndWherePacketsAreLost() throws Exception {
    try (var path = new LossyPath(socketAddress(listen(QuicSettings.defaults())), 10)) {
      Multiaddr address = QuicTransport.multiaddr(path.address());
      SecuredConnection dialed = client.dial(address, Optional.empty(), new Cancellation());
      connections.add(dialed.muxed());
      int count = 200;
      Thread.startVirtualThread(() -> echoWholes(count));
      var echoes = new LinkedBlockingQueue<Integer>();
      for (int i = 0; i < count; i++) {
        Duration pause = Duration.ofMillis(i);
        Thread.startVirtualThread(() -> echoes.add(echo(dialed.muxed(), 4_000, pause)));
      }
      for (int i = 0; i < count; i++) {
        assertThat(echoes.poll(20, TimeUnit.SECONDS)).as("echo %d", i).isEqualTo(4_000);
      }
    }
  }

  @Test
  void streamsThatEndTogetherDoNotFloodThePeer() throws Exception {
    var listener = socketAddress(listen(QuicSettings.defaults()));
    try (var path = new LossyPath(listener, Integer.MAX_VALUE)) {
      Multiaddr address = QuicTransport.multiaddr(path.address());
      MuxedConnection connection =
          client.dial(address, Optional.empty(), new Cancellation()).muxed();
      connections.add(connection);
      var opened = new ArrayList<MuxedStream>();
      var others = new ArrayList<MuxedStream>();
      for (int i = 0; i < 500; i++) {
        MuxedStream stream = connection.openStream();
        stream.write(new byte[1]);
        MuxedStream other = streams.take();
        assertThat(other.input().read()).isZero();
        other.closeWrite();
        assertThat(stream.input().read()).isEqualTo(-1);
        opened.add(stream);
        others.add(other);
      }
      path.cutTowardsDialer(true);
      int before = path.fromDialer();
      for (MuxedStream stream : opened) {
        stream.closeWrite();
      }
      var over = new CountDownLatch(1);
      TimeSource.system().after(Duration.ofMillis(300), over::countDown);
      over.await();
      assertThat(path.fromDialer() - before).isLessThan(250);
      path.cutTowardsDialer(false);
      for (MuxedStream other : others) {
        assertThat(other.input().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void whatWasWrittenArrivesThoughTheConnectionIsClosedAtOnce() throws Exception {
    MuxedConnection connection = dial().muxed();
    MuxedStream stream = connection.openStream();
    stream.write(new byte[200_000]);
    MuxedStream other = streams.take();
    var received = new CompletableFuture<Integer>();
    Thread.startVirtualThread(
        () -> {
          try {
            received.complete(other.input().readAllBytes().length);
          } catch (IOException e) {
            received.completeExceptionally(e);
          }
        });
    stream.closeWrite();
    connection.close();
    assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(200_000);
  }

  private static InetSocketAddress socketAddress(Multiaddr address) {
    return new InetSocketAddress(address.ip().orElseThrow(), address.port().orElseThrow());
  }

  private void echoWholes(int count) {
    for (int i = 0; i < count; i++) {
      try {
        MuxedStream stream = streams.take();
        Thread.startVirtualThread(
            () -> {
              try (stream) {
                stream.write(stream.input().readAllBytes());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** With a pause before the end, which then does not come with the last bytes. */
  private static int echo(MuxedConnection connection, int bytes, Duration pause) {
    try (MuxedStream stream = connection.openStream()) {
      stream.write(new byte[bytes]);
      var over = new CountDownLatch(1);
      TimeSource.system().after(pause, over::countDown);
      over.await();
      stream.closeWrite();
      return stream.input().readAllBytes().length;
    } catch (IOException | InterruptedException e) {
      return -1;
    }
  }

  @Test
  void aPeerThatIsGoneIsNoticed() throws Exception {
    var brief =
        new QuicSettings(Duration.ofSeconds(10), Duration.ofSeconds(15), 10, 1 << 20, 1 << 20, 16);
    var ended = new CompletableFuture<IOException>();
    SecuredConnection dialed = dial(brief);
    Thread.startVirtualThread(() -> ended.complete(dialed.muxed().run(_ -> false)));
    assertThat(ended.get(40, TimeUnit.SECONDS)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aConnectionThatNobodyUsesIsKeptAlive() throws Exception {
    var busy =
        new QuicSettings(Duration.ofSeconds(30), Duration.ofMillis(50), 10, 1 << 20, 1 << 20, 16);
    var fromDialer = new CountDownLatch(50);
    var fromListener = new CountDownLatch(50);
    try (var path =
        new TappedPath(
            listen(QuicSettings.defaults()), counting(fromDialer), counting(fromListener))) {
      connections.add(
          transport(clientKey, busy)
              .dial(path.address(), Optional.empty(), new Cancellation())
              .muxed());
      assertThat(fromDialer.await(20, TimeUnit.SECONDS)).as("it says that it is there").isTrue();
      assertThat(fromListener.await(20, TimeUnit.SECONDS)).as("and is answered").isTrue();
    }
  }

  @Test
  void aConnectionIsUpForItsDialerAfterTheListenersFirstFlight() throws Exception {
    Predicate<byte[]> hasLongHeader = bytes -> (bytes[0] & 0x80) != 0;
    try (var path = new TappedPath(listen(QuicSettings.defaults()), hasLongHeader, hasLongHeader)) {
      SecuredConnection dialed = client.dial(path.address(), Optional.empty(), new Cancellation());
      connections.add(dialed.muxed());
      assertThat(dialed.remotePeer()).isEqualTo(serverKey.peerId());
    }
  }

  @Test
  void everyDatagramFitsThroughEveryNetwork() throws Exception {
    var largest = new AtomicLong();
    Predicate<byte[]> passes =
        datagram -> {
          largest.accumulateAndGet(datagram.length, Math::max);
          return true;
        };
    try (var path = new TappedPath(listen(QuicSettings.defaults()), passes, passes)) {
      SecuredConnection dialed = client.dial(path.address(), Optional.empty(), new Cancellation());
      connections.add(dialed.muxed());
      MuxedStream stream = dialed.muxed().openStream();
      stream.write(new byte[100_000]);
      assertThat(streams.take().input().readNBytes(100_000)).hasSize(100_000);
      assertThat(largest).hasValue(1_280 - 40 - 8);
    }
  }

  private static Predicate<byte[]> counting(CountDownLatch latch) {
    return _ -> {
      latch.countDown();
      return true;
    };
  }

  @Test
  void aDialThatNobodyAnswersEndsWhenItIsCancelled() throws Exception {
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Multiaddr address =
          QuicTransport.multiaddr((InetSocketAddress) silent.getLocalSocketAddress());
      var cancellation = new Cancellation();
      var ended = new CompletableFuture<Exception>();
      Thread.startVirtualThread(
          () -> {
            try {
              client.dial(address, Optional.empty(), cancellation);
            } catch (IOException e) {
              ended.complete(e);
            }
          });
      silent.receive(new DatagramPacket(new byte[2000], 2000)); // the dial is under way
      cancellation.cancel("on purpose");
      assertThat(ended.get(30, TimeUnit.SECONDS))
          .isInstanceOf(CancelledException.class)
          .hasMessage("on purpose");
    }
  }

  @Test
  void underLoadAPeerHasToProveItsAddressFirst() throws Exception {
    assertThat(retriesFromAListenerWith(0)).isPositive();
    assertThat(retriesFromAListenerWith(16)).as("without load").isZero();
  }

  /** How often a connection was asked to come back with a token, and then was taken. */
  private long retriesFromAListenerWith(int unvalidatedHandshakes) throws Exception {
    var settings =
        new QuicSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            10,
            1 << 20,
            1 << 20,
            unvalidatedHandshakes);
    var retries = new AtomicLong();
    Predicate<byte[]> fromListener =
        datagram -> {
          if ((datagram[0] & 0xf0) == 0xf0) { // RFC 9000 §17.2.5: a Retry
            retries.incrementAndGet();
          }
          return true;
        };
    try (var path = new TappedPath(listen(settings), _ -> true, fromListener)) {
      SecuredConnection dialed = client.dial(path.address(), Optional.empty(), new Cancellation());
      connections.add(dialed.muxed());
      MuxedStream stream = dialed.muxed().openStream();
      stream.write(new byte[1]);
      assertThat(streams.take().read(new byte[1], 0, 1)).isEqualTo(1);
    }
    return retries.get();
  }

  @Test
  void anIncomingConnectionThatIsRefusedEndsAtOnceForTheDialerToo() throws Exception {
    Listener listener =
        transport(serverKey, QuicSettings.defaults()).listen(ANY, IncomingConnection::close);
    listeners.add(listener);
    IOException refusal;
    try { // the refusal may come behind the listener's part of the handshake
      refusal =
          client
              .dial(listener.address(), Optional.empty(), new Cancellation())
              .muxed()
              .run(_ -> false);
    } catch (IOException e) {
      refusal = e;
    }
    assertThat(refusal).hasMessageContaining("refused the connection");
  }

  @Test
  void aDialWhileAListenerIsOpenedLeavesFromItsPort() throws Exception {
    Multiaddr server = listen(QuicSettings.defaults());
    var loading = new CountDownLatch(1);
    var loaded = new CountDownLatch(1);
    var slow =
        new QuicTransport(
            () -> {
              loading.countDown();
              try {
                loaded.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return HostCertificate.of(clientKey);
            },
            ResetTokens.key(clientKey),
            QuicSettings.defaults(),
            TimeSource.system());
    var listener = new FutureTask<>(() -> slow.listen(ANY, IncomingConnection::close));
    Thread.startVirtualThread(listener);
    loading.await();
    var dialed = new FutureTask<>(() -> slow.dial(server, Optional.empty(), new Cancellation()));
    Thread dialing = Thread.ofPlatform().start(dialed);
    while (dialing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    loaded.countDown();
    listeners.add(listener.get());
    connections.add(dialed.get().muxed());
    assertThat(dialed.get().localAddress()).isEqualTo(listener.get().address());
  }

  @Test
  void whatPunchesAHoleComesFromThePortThatIsListenedOn() throws Exception {
    Listener listener = client.listen(ANY, IncomingConnection::close);
    listeners.add(listener);
    try (var peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      var cancellation = new Cancellation();
      Multiaddr address = QuicTransport.multiaddr((InetSocketAddress) peer.getLocalSocketAddress());
      Thread punching =
          Thread.startVirtualThread(
              () -> {
                try {
                  client.punch(address, cancellation);
                } catch (IOException _) {
                  // cancelled
                }
              });
      for (int i = 0; i < 3; i++) {
        var packet = new DatagramPacket(new byte[2000], 2000);
        peer.receive(packet);
        assertThat(packet.getLength()).isEqualTo(64);
        assertThat(QuicTransport.multiaddr((InetSocketAddress) packet.getSocketAddress()))
            .isEqualTo(listener.address());
      }
      cancellation.cancel("enough");
      punching.join();
    }
  }

  @Test
  void garbageDisturbsNobody() throws Exception {
    SecuredConnection dialed = dial();
    int port = dialed.remoteAddress().port().orElseThrow();
    try (var stranger = new DatagramSocket()) {
      for (int first = 0; first < 256; first++) {
        byte[] garbage = new byte[first * 6];
        if (garbage.length > 0) {
          garbage[0] = (byte) first;
        }
        stranger.send(
            new DatagramPacket(garbage, garbage.length, InetAddress.getLoopbackAddress(), port));
      }
    }
    MuxedStream stream = dialed.muxed().openStream();
    stream.write(new byte[1]);
    assertThat(streams.take().read(new byte[1], 0, 1)).isEqualTo(1);
  }

  @Test
  void aPortIsFreeWhenItsListenerAndItsConnectionsAreClosed() throws Exception {
    SecuredConnection dialed = dial();
    SecuredConnection other = accepted.take();
    Multiaddr address = listeners.getFirst().address();
    listeners.getFirst().close();
    assertThat(dialed.muxed().ping()).as("connections stay").isPositive();
    dialed.muxed().close();
    other.muxed().close();
    listeners.add(transport(serverKey, QuicSettings.defaults()).listen(address, _ -> {}));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    Multiaddr taken = listen(QuicSettings.defaults());
    assertThatThrownBy(() -> client.listen(taken, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on " + taken);
  }

  // ---- both ends

  private static QuicTransport transport(PrivateKey key, QuicSettings settings) {
    return new QuicTransport(key, settings, TimeSource.system());
  }

  private Multiaddr listen(QuicSettings settings) throws IOException {
    Listener listener = transport(serverKey, settings).listen(ANY, this::accept);
    listeners.add(listener);
    return listener.address();
  }

  private void accept(IncomingConnection incoming) {
    Thread.startVirtualThread(
        () -> {
          try {
            SecuredConnection secured = incoming.secure();
            accepted.add(secured);
            secured.muxed().run(streams::add);
          } catch (IOException e) {
            incoming.close();
            failed.add(e);
          }
        });
  }

  private SecuredConnection dial() throws IOException {
    return dial(QuicSettings.defaults());
  }

  private SecuredConnection dial(QuicSettings settings) throws IOException {
    SecuredConnection dialed =
        client.dial(listen(settings), Optional.of(serverKey.peerId()), new Cancellation());
    connections.add(dialed.muxed());
    return dialed;
  }

  private void eventuallyNoStreams() throws InterruptedException {
    SecuredConnection other = accepted.take();
    accepted.add(other);
    long start = System.nanoTime();
    while (connections.getFirst().streamCount() + other.muxed().streamCount() > 0) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      Thread.onSpinWait();
    }
  }
}
