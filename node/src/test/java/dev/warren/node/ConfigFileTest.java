package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir private Path directory;

  @Test
  void everythingHasADefault() throws IOException {
    assertThat(read("")).isEqualTo(NodeConfig.in(directory));
  }

  @Test
  void everythingCanBeSet() throws IOException {
    NodeConfig config =
        read(
            """
            listen = ["/ip4/127.0.0.1/tcp/4001"]
            lan = false
            port_mapping = false
            [limits]
            up_bytes_per_second = 1000
            down_bytes_per_second = 2000
            [cache]
            max_bytes = 5
            [find]
            timeout_seconds = 7
            """);
    assertThat(config.listen()).containsExactly(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"));
    assertThat(config.lan()).isFalse();
    assertThat(config.portMapping()).isFalse();
    assertThat(config.limitUp()).hasValue(1000);
    assertThat(config.limitDown()).hasValue(2000);
    assertThat(config.cacheBytes()).isEqualTo(5);
    assertThat(config.findTimeout()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void whatIsNotKnownIsAnErrorThatNamesTheLine() {
    assertThatThrownBy(() -> read("lan = true\n[limits]\nup = 3\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 3: there is no setting 'limits.up'");
  }

  @Test
  void whatIsNoTomlIsAnErrorThatNamesTheLine() {
    assertThatThrownBy(() -> read("lan = true\nlisten = [\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line ");
  }

  @Test
  void valuesThatCannotBeAreErrors() {
    assertThatThrownBy(() -> read("lan = 3")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("[cache]\nmax_bytes = 0"))
        .hasMessageContaining("line 2: 'cache.max_bytes' has to be 1 at least");
    assertThatThrownBy(() -> read("\nlisten = [\"nowhere\"]"))
        .hasMessageContaining("line 2: 'nowhere' is no address");
    assertThatThrownBy(() -> read("listen = [1]")).isInstanceOf(IOException.class);
  }

  @Test
  void aFileThatIsNotThereSaysNothing() throws IOException {
    assertThat(NodeConfig.in(directory).withFile(directory.resolve("none.toml")))
        .isEqualTo(NodeConfig.in(directory));
  }

  private NodeConfig read(String toml) throws IOException {
    Path file = Files.writeString(directory.resolve("warren.toml"), toml);
    return NodeConfig.in(directory).withFile(file);
  }
}
