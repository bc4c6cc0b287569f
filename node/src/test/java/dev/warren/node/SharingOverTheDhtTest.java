package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes that have nothing in common but a network, which each knows one address of. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class SharingOverTheDhtTest {
  private static final Multiaddr LOOPBACK = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");

  @TempDir private Path directory;
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.reversed().forEach(Node::close);
  }

  @Test
  void wordsAreFoundThroughPeersInBetween() throws Exception {
    Node first = start("first", List.of());
    for (int i = 0; i < 5; i++) {
      start("other" + i, List.of(address(first)));
    }
    Path file = Files.writeString(directory.resolve("map.txt"), "here be dragons");
    Node sharer = start("sharer", List.of(address(first)));
    var announced = new CompletableFuture<Announced>();
    Sharing sharing =
        sharer.share(
            ShareOptions.of(file)
                .listener(
                    new SharingListener() {
                      @Override
                      public void announced(Announced done) {
                        if (done.peers() > 0) {
                          announced.complete(done);
                        }
                      }
                    }));
    assertThat(announced.get().place()).isEqualTo("DHT lan");

    receive("receiver", sharing.codes().words().orElseThrow().toString(), address(first));

    assertThat(directory.resolve("receiver.got/map.txt")).hasContent("here be dragons");
  }

  @Test
  void aTicketWithoutGoodAddressesLeadsToTheSharer() throws Exception {
    Node first = start("first", List.of());
    Path file = Files.writeString(directory.resolve("map.txt"), "here be dragons");
    Node sharer = start("sharer", List.of(address(first)));
    Sharing sharing = sharer.share(ShareOptions.of(file).words(false));
    var ticket = sharing.codes().ticket();
    var gone =
        new dev.warren.sharecodes.Ticket(
            ticket.peer(),
            List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/9")),
            ticket.key(),
            ticket.share());

    receive("receiver", gone.toString(), address(first));

    assertThat(directory.resolve("receiver.got/map.txt")).hasContent("here be dragons");
  }

  @Test
  void aNodeComesBackWithoutABootstrapPeer() throws Exception {
    Node first = start("first", List.of());
    Node other = start("other", List.of(address(first)));
    Path file = Files.writeString(directory.resolve("map.txt"), "here be dragons");
    Sharing sharing = other.share(ShareOptions.of(file));
    receive("receiver", sharing.codes().words().orElseThrow().toString(), address(first));
    assertThat(directory.resolve("receiver.data/peers-lan.txt")).exists();

    Files.delete(directory.resolve("receiver.got/map.txt"));
    Node back = start("receiver", List.of());
    back.receive(
            ReceiveOptions.of(sharing.codes().words().orElseThrow().toString())
                .into(directory.resolve("again")))
        .await();
    assertThat(directory.resolve("again/map.txt")).hasContent("here be dragons");
  }

  private void receive(String name, String code, Multiaddr bootstrap) throws Exception {
    try (Node node = open(name, List.of(bootstrap))) {
      node.receive(ReceiveOptions.of(code).into(directory.resolve(name + ".got"))).await();
    }
  }

  private Node start(String name, List<Multiaddr> bootstrap) throws IOException {
    Node node = open(name, bootstrap);
    nodes.add(node);
    return node;
  }

  private Node open(String name, List<Multiaddr> bootstrap) throws IOException {
    return Warren.start(
        NodeConfig.in(directory.resolve(name + ".data"))
            .withLan(false)
            .withListen(List.of(LOOPBACK))
            .withNetworks(List.of(Network.named("lan").withBootstrap(bootstrap))));
  }

  private static Multiaddr address(Node node) {
    PeerId peer = node.peerId();
    return node.addresses().getFirst().withPeer(peer.toString());
  }
}
