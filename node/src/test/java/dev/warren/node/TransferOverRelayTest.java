package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.DhtNetwork;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.Reach;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import dev.warren.libp2p.nat.relay.RelayLimits;
import dev.warren.libp2p.nat.relay.RelayServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A sharer whom others reach through a relay only, unless a gate is open. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class TransferOverRelayTest {
  /** More than passes while a transfer moves twice, however slow the machine is. */
  private static final int FILE_BYTES = 64 << 20;

  private static final int BYTES_PER_SECOND = 4 << 20;

  @TempDir private Path directory;

  private final List<Node> nodes = new ArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Path mod;
  private Host relay;
  private RelayServer server;
  private WarrenNode sharer;

  @BeforeEach
  void makeFile() throws IOException {
    mod = directory.resolve("mod.bin");
    byte[] content = new byte[FILE_BYTES];
    new Random(3).nextBytes(content);
    Files.write(mod, content);
  }

  @AfterEach
  void close() {
    nodes.reversed().forEach(Node::close);
    relay.close();
  }

  @Test
  void aTransferMovesToTheDirectConnectionAndBackToTheRelay() throws Exception {
    serve(CircuitLimit.NONE);
    var gate = new Gate(address -> sharer.addresses().contains(address));
    WarrenNode receiver = node("receiver", gate);
    Receiving receiving = receive(receiver, BYTES_PER_SECOND);
    await(() -> receiving.progress().receivedBytes() > 1 << 20);
    assertThat(path(receiving)).isEqualTo("relayed");

    gate.open();
    receiver.host().dialDirectly(sharer.peerId(), direct(), Duration.ofSeconds(20));
    await(() -> path(receiving).startsWith("direct"));
    long relayed = server.activity().relayedBytes();
    long received = receiving.progress().receivedBytes();
    await(() -> receiving.progress().receivedBytes() > received + (2 << 20));
    assertThat(server.activity().relayedBytes() - relayed).isLessThan(200_000);
    assertThat(told).as("what the user was told").noneMatch(it -> it.startsWith("lost"));

    gate.close();
    await(() -> path(receiving).equals("relayed"));
    Received all = receiving.await();

    assertThat(Files.mismatch(mod, directory.resolve("got/mod.bin"))).isEqualTo(-1);
    assertThat(all.files()).isOne();
    assertThat(told)
        .filteredOn(it -> it.startsWith("connected"))
        .containsExactly(
            "connected relayed", "connected direct, this computer", "connected relayed");
  }

  @Test
  void aRelayThatIsForFewWordsCarriesNoFiles() throws Exception {
    serve(new CircuitLimit(Duration.ofMinutes(2), 128 << 10));
    var gate = new Gate(address -> sharer.addresses().contains(address));
    WarrenNode receiver = node("receiver", gate);
    Receiving receiving = receive(receiver, FILE_BYTES);

    await(() -> receiver.host().connections(sharer.peerId()).size() == 1);
    gate.open();
    receiver.host().dialDirectly(sharer.peerId(), direct(), Duration.ofSeconds(20));
    receiving.await();

    assertThat(Files.mismatch(mod, directory.resolve("got/mod.bin"))).isEqualTo(-1);
    assertThat(server.activity().relayedBytes()).isLessThan(128 << 10);
  }

  @Test
  void aSharerBehindARelayIsNamedWithItInTickets() throws Exception {
    serve(CircuitLimit.NONE);

    Sharing sharing = sharer.share(ShareOptions.of(mod).words(false));

    assertThat(sharing.codes().ticket().addresses())
        .anyMatch(address -> address.isCircuit() && address.toString().contains(id(relay)));
  }

  private static String id(Host host) {
    return host.peerId().toString();
  }

  private void serve(CircuitLimit limit) throws IOException {
    relay = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
    server =
        RelayServer.start(
            relay,
            new RelayLimits(8, 8, Duration.ofHours(1), 8, 8, 8, limit),
            _ -> true,
            InstantSource.system());
    sharer = node("sharer", new Gate(_ -> false));
  }

  private List<Multiaddr> direct() {
    return sharer.addresses().stream().filter(address -> !address.isCircuit()).toList();
  }

  private WarrenNode node(String name, Gate gate) throws IOException {
    var network =
        new Network(
            "test",
            new DhtNetwork("/test/kad/1.0.0", Reach.ANY),
            Optional.of(Mode.CLIENT),
            List.of(),
            relay.addressesWithPeer());
    NodeConfig config =
        NodeConfig.in(directory.resolve(name + ".data"))
            .withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
            .withLan(false)
            .withNetworks(List.of(network));
    WarrenNode node = WarrenNode.start(config, gate, _ -> List.of());
    nodes.add(node);
    return node;
  }

  private Receiving receive(WarrenNode receiver, long bytesPerSecond) throws Exception {
    Sharing sharing = sharer.share(ShareOptions.of(mod).words(false));
    return receiver.receive(
        ReceiveOptions.of(sharing.codes().ticket().toBase64())
            .into(directory.resolve("got"))
            .limitDown(bytesPerSecond)
            .listener(
                new ReceivingListener() {
                  @Override
                  public void connected(PeerId source, String path) {
                    told.add("connected " + path);
                  }

                  @Override
                  public void lost(PeerId source, String reason, Duration retryAfter) {
                    told.add("lost " + reason);
                  }
                }));
  }

  private static String path(Receiving receiving) {
    return receiving.progress().sources().stream()
        .findFirst()
        .map(ReceivingProgress.Source::path)
        .orElse("");
  }

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(40).toNanos());
      LockSupport.parkNanos(1_000_000);
    }
  }
}
