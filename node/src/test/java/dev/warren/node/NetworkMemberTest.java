package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.DhtNetwork;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.Reach;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.nat.reachability.NatFiltering;
import dev.warren.libp2p.nat.reachability.NatMapping;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.libp2p.nat.reachability.TransportKind;
import dev.warren.libp2p.nat.reachability.Verdict;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkMemberTest {
  private static final DhtNetwork TABLE = new DhtNetwork("/test/kad/1.0.0", Reach.ANY);

  @TempDir Path directory;

  private final MemoryTransport transport = new MemoryTransport();
  private final PrivateKey identity = PrivateKey.generate(KeyType.ED25519);

  private Host host(PrivateKey key) throws IOException {
    return Host.builder().transport(transport).identity(key).listen("/memory/0").start();
  }

  private NetworkMember open(Host host, Mode mode) {
    return open(host, Optional.of(mode));
  }

  private NetworkMember open(Host host, Optional<Mode> mode) {
    var network = new Network("test", TABLE, mode, List.of(), List.of());
    return NetworkMember.of(network, host, new DataDirectory(directory));
  }

  @Test
  void whoServesStillHasWhatOthersStoredWhenItComesBack() throws IOException {
    try (Host host = host(identity);
        NetworkMember place = open(host, Mode.SERVER);
        Host other = host(PrivateKey.generate(KeyType.ED25519));
        Dht provider = Dht.on(other).network(TABLE).start()) {
      provider.bootstrap(host.addressesWithPeer());
      provider.provide(Target.of(Multihash.sha256(new byte[] {1})));
      assertThat(place.dht().stats().providerRecords()).isOne();
    }
    try (Host host = host(identity);
        NetworkMember place = open(host, Mode.SERVER)) {
      assertThat(place.dht().stats().providerRecords()).isOne();
    }
  }

  @Test
  void aSecondProcessOnTheDirectoryServesFromMemory() throws IOException {
    try (Host host = host(identity);
        NetworkMember first = open(host, Mode.SERVER);
        Host other = host(PrivateKey.generate(KeyType.ED25519));
        NetworkMember second = open(other, Mode.SERVER)) {
      assertThat(second.dht().mode()).isEqualTo(first.dht().mode());
      assertThat(second.dht().stats().providerRecords()).isZero();
    }
  }

  @Test
  void whoKeepsNothingForOthersHasNoFileForIt() throws IOException {
    try (Host host = host(identity);
        NetworkMember place = open(host, Mode.CLIENT)) {
      assertThat(place.dht().mode()).isEqualTo(Mode.CLIENT);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void whoIsToldNothingServesWhileItCanBeReached() throws IOException {
    try (Host host = host(identity);
        NetworkMember place = open(host, Optional.empty())) {
      assertThat(place.dht().mode()).isEqualTo(Mode.CLIENT);

      place.reachable(reachability(Verdict.PUBLIC));
      assertThat(place.dht().mode()).isEqualTo(Mode.SERVER);

      place.reachable(reachability(Verdict.PRIVATE));
      assertThat(place.dht().mode()).isEqualTo(Mode.CLIENT);
    }
  }

  @Test
  void whoIsToldToAskOnlyDoesNotServeThoughItCanBeReached() throws IOException {
    try (Host host = host(identity);
        NetworkMember place = open(host, Mode.CLIENT)) {
      place.reachable(reachability(Verdict.PUBLIC));

      assertThat(place.dht().mode()).isEqualTo(Mode.CLIENT);
    }
  }

  private static Reachability reachability(Verdict verdict) {
    var tcp = new Reachability.OfTransport(verdict, NatMapping.UNKNOWN, NatFiltering.UNKNOWN);
    return new Reachability(
        Map.of(TransportKind.TCP, tcp), List.of(), Optional.empty(), Optional.empty());
  }
}
