package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RelayCommandTest {
  @TempDir private Path home;

  @Test
  void aRelayIsThereUntilItIsStopped() throws Exception {
    RunningNode relay = start();
    try (Host host = Host.builder().start()) {
      RelayClient client = RelayClient.attach(host, InstantSource.fixed(Terminal.NOW));
      host.dial(Multiaddr.parse(relay.address()));

      assertThat(client.reserve(PeerId.parse(relay.peer())).relay().toString())
          .isEqualTo(relay.peer());
    }

    assertThat(relay.stop()).isEqualTo(130);
    assertThat(relay.next().get("event").getAsString()).isEqualTo("draining");
    assertThat(relay.next().get("event").getAsString()).isEqualTo("stopped");
  }

  @Test
  void twoRelaysAreOneNetwork() throws Exception {
    try (RunningNode first = start();
        RunningNode second =
            RunningNode.start(
                home.resolve("other"),
                "relay",
                "--status=off",
                "--network=lan",
                "--bootstrap=" + first.address())) {
      assertThat(second.next().get("event").getAsString()).isEqualTo("joined");
    }
  }

  @Test
  void theFileInTheDataDirectoryIsRead() throws Exception {
    Files.createDirectories(home.resolve("node"));
    Files.writeString(
        home.resolve("node").resolve("relay.toml"),
        "announce = [\"/ip4/203.0.113.7/tcp/4001\"]\nstatus.listen = \"127.0.0.1:0\"");

    try (RunningNode relay = RunningNode.start(home, "relay", "--network=lan")) {
      assertThat(relay.address()).isEqualTo("/ip4/203.0.113.7/tcp/4001/p2p/" + relay.peer());
      assertThat(relay.announcement().get("status").getAsString()).startsWith("http://127.0.0.1:");
    }
  }

  @Test
  void aMistakeInTheFileIsAMistakeOfUsage() throws Exception {
    Path file = Files.writeString(home.resolve("relay.toml"), "circuit.max = 1");
    var terminal = new Terminal(home);

    assertThat(terminal.run("relay", "--config", file.toString())).isEqualTo(2);
    assertThat(terminal.err())
        .contains("relay.toml, line 1: there is no setting 'circuit.max'.")
        .contains("docs/running-a-relay.md");
  }

  @Test
  void whatIsNoNetworkAndNoAddressIsAMistakeOfUsage() {
    assertThat(new Terminal(home).run("relay", "--network", "nowhere")).isEqualTo(2);
    assertThat(new Terminal(home).run("relay", "--status", "4002")).isEqualTo(2);
    assertThat(new Terminal(home).run("relay", "--config", home + "/none.toml")).isEqualTo(1);
  }

  private RunningNode start() throws InterruptedException {
    return RunningNode.start(home, "relay", "--status=off", "--network=lan");
  }
}
