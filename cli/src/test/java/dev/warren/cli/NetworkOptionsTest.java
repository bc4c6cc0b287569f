package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Network;
import dev.warren.node.NodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkOptionsTest {
  private static final String FRIEND = "/ip4/10.0.0.1/tcp/4001";

  @TempDir private Path home;
  private final FakeNode node = new FakeNode();

  @Test
  void thePublicNetworkIsJoinedUnlessSomethingElseIsSaid() {
    assertThat(names(share())).containsExactly("ipfs");
    assertThat(names(share("--network", "lan,warren"))).containsExactly("lan", "warren");
    assertThat(share("--network", "off").networks()).isEmpty();
  }

  @Test
  void bootstrapPeersComeBesideThoseOfTheNetwork() {
    assertThat(share("--network", "lan", "--bootstrap", FRIEND).networks().getFirst().bootstrap())
        .containsExactly(Multiaddr.parse(FRIEND));
    assertThat(share("--bootstrap", FRIEND).networks().getFirst().bootstrap())
        .contains(Multiaddr.parse(FRIEND))
        .hasSize(6);
  }

  @Test
  void theConfigurationHoldsWhereNoOptionGoesBeforeIt() throws Exception {
    configure("networks = ['lan']\nlan = false\nlisten = ['/ip4/127.0.0.1/tcp/0']");
    assertThat(names(share())).containsExactly("lan");
    assertThat(share().lan()).isFalse();
    assertThat(share().listen()).containsExactly(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    assertThat(names(share("--network", "warren"))).containsExactly("warren");
  }

  @Test
  void mistakesAreToldWithWhatToSay() throws Exception {
    assertMistake("ipfs, warren, lan", "--network", "ipsf");
    assertMistake("none at all", "--network", "off,lan");
    assertMistake("none at all", "--network", "off", "--bootstrap", FRIEND);
    Path same = Files.writeString(home.resolve("same.toml"), "protocol = '/warren/kad/1.0.0'");
    assertMistake("same protocol", "--network", "warren," + same);
    configure("networks = []");
    assertMistake("names no network", "--bootstrap", FRIEND);
  }

  private void configure(String toml) throws Exception {
    Files.createDirectories(home.resolve("data"));
    Files.writeString(home.resolve("data/config.toml"), toml);
  }

  private NodeConfig share(String... options) {
    assertThat(run(new Terminal(home, node), options)).isZero();
    return node.started.get().orElseThrow();
  }

  private void assertMistake(String said, String... options) {
    var terminal = new Terminal(home, node);
    assertThat(run(terminal, options)).isEqualTo(ExitCode.USAGE.number());
    assertThat(terminal.err()).contains(said);
  }

  private int run(Terminal terminal, String... options) {
    List<String> line =
        new ArrayList<>(List.of("share", "mods", "--data-dir", home.resolve("data").toString()));
    line.addAll(List.of(options));
    return terminal.run(line.toArray(String[]::new));
  }

  private static List<String> names(NodeConfig config) {
    return config.networks().stream().map(Network::name).toList();
  }
}
