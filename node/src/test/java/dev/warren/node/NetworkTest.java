package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.DhtNetwork;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTest {
  @TempDir private Path directory;

  @Test
  void thoseThatComeWithWarrenAreThere() throws IOException {
    assertThat(Network.named("ipfs").table()).isEqualTo(DhtNetwork.IPFS);
    assertThat(Network.named("ipfs").mode()).isEmpty();
    assertThat(Network.named("ipfs").bootstrap()).hasSize(5);
    assertThat(Network.named("warren").table()).isEqualTo(DhtNetwork.WARREN);
    assertThat(Network.named("lan").table()).isEqualTo(DhtNetwork.WARREN_LAN);
    assertThat(Network.named("lan").mode()).contains(Mode.SERVER);
  }

  @Test
  void aFileIsANetwork() throws IOException {
    Path file =
        write("protocol = '/mine/kad/1.0.0'\nreach = 'any'\nmode = 'server'\nbootstrap = []");
    Network network = Network.named(file.toString());
    assertThat(network.name()).isEqualTo("mine");
    assertThat(network.table().protocol()).isEqualTo("/mine/kad/1.0.0");
    assertThat(network.mode()).contains(Mode.SERVER);
  }

  @Test
  void bootstrapPeersCanBeAdded() throws IOException {
    Multiaddr friend = Multiaddr.parse("/ip4/10.0.0.1/tcp/4001");
    assertThat(Network.named("lan").withBootstrap(List.of(friend)).bootstrap())
        .containsExactly(friend);
  }

  @Test
  void mistakesAreToldWithTheirLine() throws IOException {
    assertMistake("protocol = 'kad'", "line 1", "'protocol'");
    assertMistake("protocol = '/a/kad/1.0.0'\nreach = 'mars'", "line 2", "public, local, any");
    assertMistake("protocol = '/a/kad/1.0.0'\nfoo = 1", "line 2", "no setting 'foo'");
    assertMistake("protocol = '/a/kad/1.0.0'\nbootstrap = ['nowhere']", "line 2", "no address");
    assertMistake("protocol = '/a/kad/1.0.0'\nbootstrap = [1]", "line 2", "texts");
    assertMistake("protocol = '/a/kad/1.0.0'\nreach = 1", "reach");
  }

  @Test
  void aNameThatIsNoNetworkIsToldWithThoseThatAre() {
    assertThatThrownBy(() -> Network.named("ipsf")).hasMessageContaining("ipfs, warren, lan");
  }

  private void assertMistake(String text, String... said) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> Network.named(file.toString()))
        .isInstanceOf(IOException.class)
        .message()
        .contains(said);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("mine.toml"), text);
  }
}
