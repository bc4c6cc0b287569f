package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Frames;
import dev.warren.libp2p.dht.wire.KadCodec;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real hosts, and somebody who wants keys for himself: his peers are nearest and keep nothing. */
@Timeout(120)
class EclipseTest {
  private static final int HONEST = 40;
  private static final int SYBILS = 20;

  /** No peer of forty is likely to be as near to a key by chance. */
  private static final int SHARED_BITS = 9;

  private static final DhtNetwork NETWORK = new DhtNetwork("/test/kad/1.0.0", Reach.ANY);

  private final MemoryTransport transport = new MemoryTransport();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Dht> nodes = new ArrayList<>();
  private final List<Contact> sybils = new ArrayList<>();

  @BeforeEach
  void join() throws IOException {
    for (int i = 0; i < HONEST; i++) {
      Host host = Host.builder().transport(transport).listen("/memory/0").start();
      hosts.add(host);
      nodes.add(Dht.on(host).network(NETWORK).mode(Mode.SERVER).start());
      if (i > 0) {
        nodes.get(i).bootstrap(hosts.getFirst().addressesWithPeer());
      }
    }
  }

  @AfterEach
  void leave() {
    nodes.forEach(Dht::close);
    hosts.forEach(Host::close);
  }

  @Test
  void providersAreFoundPastTheCrowd() throws Exception {
    Target key = Target.of(Multihash.sha256(new byte[] {7}));
    crowd(key);
    nodes.get(3).provide(key);
    Eventually.check(() -> nodes.stream().anyMatch(node -> node.stats().providerRecords() > 0));
    assertThat(nodes.get(17).findProviders(key, 1, _ -> {}))
        .extracting(Contact::peer)
        .containsExactly(hosts.get(3).peerId());
  }

  @Test
  void valuesAreFoundPastTheCrowd() throws Exception {
    PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
    Target key = WarrenRecord.key(owner.peerId(), "news");
    crowd(key);
    var text = Value.of("past the crowd".getBytes(StandardCharsets.UTF_8));
    var expires = Instant.parse("2100-01-01T00:00:00Z");
    Value value = new WarrenRecord(owner.peerId(), "news", 1, expires, text).seal(owner);
    nodes.get(3).putValue(key, value);
    Eventually.check(() -> nodes.stream().anyMatch(node -> node.stats().values() > 0));
    assertThat(nodes.get(17).getValue(key)).hasValue(value);
  }

  private void crowd(Target key) throws IOException {
    List<Host> crowd = new ArrayList<>();
    for (int i = 0; i < SYBILS; i++) {
      Host host =
          Host.builder()
              .transport(transport)
              .identity(near(key.key()))
              .listen("/memory/0")
              .handle(NETWORK.protocol(), this::answer)
              .start();
      crowd.add(host);
      sybils.add(Contact.of(host.peerId(), host.addresses()));
    }
    for (Host sybil : crowd) {
      for (Host host : hosts) {
        sybil.dial(host.addressesWithPeer().getFirst());
      }
    }
    hosts.addAll(crowd);
    Set<PeerId> friends = new HashSet<>(sybils.stream().map(Contact::peer).toList());
    for (Dht node : List.of(nodes.get(3), nodes.get(17))) {
      for (int i = 0; i < 6; i++) { // so that the size of the network is known
        node.closestPeers(Target.of(Multihash.sha256(new byte[] {1, (byte) i})));
      }
      // The attack is one: without a way around it nobody else would be told or asked.
      Eventually.check(() -> friends.equals(nearest(node, key)));
    }
  }

  private static Set<PeerId> nearest(Dht node, Target key) {
    try {
      return new HashSet<>(node.closestPeers(key).stream().map(Contact::peer).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PrivateKey near(Key key) {
    while (true) {
      PrivateKey candidate = PrivateKey.generate(KeyType.ED25519);
      if (Key.of(candidate.peerId()).commonPrefixLength(key) >= SHARED_BITS) {
        return candidate;
      }
    }
  }

  /** Takes everything, keeps nothing, and names friends alone. */
  private void answer(Stream stream) throws IOException {
    while (true) {
      Optional<byte[]> bytes = Frames.read(stream, KadCodec.MAX_REQUEST_BYTES);
      if (bytes.isEmpty()) {
        stream.close();
        return;
      }
      Request request = KadCodec.decodeRequest(bytes.get());
      if (!(request instanceof Request.AddProvider)) {
        Frames.write(stream, KadCodec.encode(request, Response.ofCloser(sybils)));
      }
    }
  }
}
