package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Frames;
import dev.warren.libp2p.dht.wire.KadCodec;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.multiformats.Varint;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that do not keep to the protocol, on either side. */
class HostileStreamTest {
  private static final DhtNetwork NETWORK = new DhtNetwork("/test/kad/1.0.0", Reach.ANY);
  private static final Target KEY = Target.of(Multihash.sha256(new byte[] {1}));

  private final MemoryTransport transport = new MemoryTransport();
  private final List<Host> hosts = new ArrayList<>();
  private Host server;

  @BeforeEach
  void serve() throws IOException {
    server = host();
    Dht.on(server).network(NETWORK).mode(Mode.SERVER).start();
  }

  @AfterEach
  void close() {
    hosts.forEach(Host::close);
  }

  @Test
  void severalRequestsOnOneStreamAreAnsweredInTurn() throws IOException {
    Stream stream = connect().open(NETWORK.protocol());
    var request = new Request.GetProviders(KEY);
    for (int i = 0; i < 3; i++) {
      Frames.write(stream, KadCodec.encode(request));
      byte[] answer = Frames.read(stream, KadCodec.MAX_RESPONSE_BYTES).orElseThrow();
      assertThat(KadCodec.decodeResponse(request, answer)).isEqualTo(Response.EMPTY);
    }
    stream.closeWrite();
    assertThat(Frames.read(stream, 1)).isEmpty();
  }

  /** Js does not answer a request that has ended before it has begun to read. */
  @Test
  void aStreamStaysOpenUntilThereIsAnAnswer() throws IOException {
    Host patient = host();
    patient.handle(
        NETWORK.protocol(),
        stream -> {
          Frames.read(stream, KadCodec.MAX_REQUEST_BYTES);
          stream.setReadTimeout(Duration.ofMillis(50));
          assertThatThrownBy(() -> stream.readFully(new byte[1], 0, 1))
              .isNotInstanceOf(EOFException.class);
          Frames.write(stream, KadCodec.encode(new Request.FindNode(KEY), Response.EMPTY));
        });
    Dht node = Dht.on(host()).network(NETWORK).start();
    assertThat(node.bootstrap(patient.addressesWithPeer())).isEqualTo(1);
  }

  @Test
  void aRecordIsStoredWhenTheQuestionBehindItIsAnswered() throws IOException {
    Host forgetful = host();
    var stored = new AtomicInteger();
    forgetful.handle(
        NETWORK.protocol(),
        stream -> {
          Request request =
              KadCodec.decodeRequest(Frames.read(stream, KadCodec.MAX_REQUEST_BYTES).orElseThrow());
          if (request instanceof Request.AddProvider) {
            stored.incrementAndGet();
            stream.closeWrite(); // as one that takes nothing in
          } else {
            Frames.write(stream, KadCodec.encode(request, Response.EMPTY));
          }
        });
    Dht node = Dht.on(host()).network(NETWORK).start();
    node.bootstrap(forgetful.addressesWithPeer());
    assertThat(node.provide(KEY).stored()).isZero();
    assertThat(stored).hasPositiveValue();
    node.bootstrap(server.addressesWithPeer());
    assertThat(node.provide(KEY).stored()).isEqualTo(1);
  }

  @Test
  void whatIsNoRequestEndsTheStream() throws IOException {
    Connection connection = connect();
    for (byte[] bytes :
        List.of(
            new byte[] {3, 1, 2, 3},
            new byte[] {2, 8, 99},
            Varint.encode(KadCodec.MAX_REQUEST_BYTES + 1))) {
      Stream stream = connection.open(NETWORK.protocol());
      stream.awaitAgreement();
      stream.write(bytes);
      assertThatThrownBy(() -> Frames.read(stream, 1)).isInstanceOf(StreamResetException.class);
    }
  }

  @Test
  void providingForSomebodyElseEndsTheStream() throws IOException {
    Stream stream = connect().open(NETWORK.protocol());
    stream.awaitAgreement();
    Contact other = Contacts.random(new Random(1), "/memory/1");
    Frames.write(stream, KadCodec.encode(new Request.AddProvider(KEY, List.of(other))));
    assertThatThrownBy(() -> Frames.read(stream, 1)).isInstanceOf(StreamResetException.class);
  }

  @Test
  void moreStreamsThanAnybodyNeedsAreRefused() throws IOException {
    Connection connection = connect();
    for (int i = 0; i < 64; i++) {
      Stream stream = connection.open(NETWORK.protocol());
      Frames.write(stream, KadCodec.encode(new Request.Ping()));
      assertThat(Frames.read(stream, 100)).isPresent();
    }
    Stream oneTooMany = connection.open(NETWORK.protocol());
    Frames.write(oneTooMany, KadCodec.encode(new Request.Ping()));
    assertThatThrownBy(() -> Frames.read(oneTooMany, 100)).isInstanceOf(IOException.class);
  }

  @Test
  void whoDoesNotMakeSenseIsNotTakenIn() throws IOException {
    StreamHandler garbage =
        stream -> {
          Frames.read(stream, KadCodec.MAX_REQUEST_BYTES);
          Frames.write(stream, new byte[] {1, 2, 3});
        };
    StreamHandler endless =
        stream -> {
          Frames.read(stream, KadCodec.MAX_REQUEST_BYTES);
          stream.write(Varint.encode(KadCodec.MAX_RESPONSE_BYTES + 1));
        };
    Dht node = Dht.on(host()).network(NETWORK).start();
    for (StreamHandler handler : List.of(garbage, endless)) {
      Host liar = host();
      liar.handle(NETWORK.protocol(), handler);
      assertThatThrownBy(() -> node.bootstrap(liar.addressesWithPeer()))
          .isInstanceOf(NoPeersException.class);
    }
    assertThat(node.bootstrap(server.addressesWithPeer())).isEqualTo(1);
  }

  private Connection connect() throws IOException {
    return host().dial(server.addressesWithPeer().getFirst());
  }

  private Host host() throws IOException {
    Host host = Host.builder().transport(transport).listen("/memory/0").start();
    hosts.add(host);
    return host;
  }
}
