package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeCommandsTest {
  private static final String STRANGER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

  @TempDir private Path home;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(home);
  }

  @Test
  void pingPrintsEachAnswerAndASummary() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      assertThat(terminal.run("ping", "-c", "3", "-i", "1ms", node.address())).isEqualTo(0);
      assertThat(terminal.out().lines().toList())
          .hasSize(7)
          .satisfies(
              lines -> {
                assertThat(lines.getFirst()).startsWith("PING " + node.peer());
                assertThat(lines.get(1)).matches("seq=1 time=\\d+\\.\\d{3} ms");
                assertThat(lines.get(3)).startsWith("seq=3 ");
                assertThat(lines.get(5)).isEqualTo("3 sent, 3 answered, 0% lost");
                assertThat(lines.get(6)).startsWith("round trip min/avg/max = ");
              });
    }
  }

  @Test
  void pingIsOneObjectALineForPrograms() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      assertThat(terminal.run("ping", "--json", "-c", "2", "-i", "0", node.address())).isEqualTo(0);
      assertThat(events(terminal.objects()))
          .containsExactly("connected", "ping", "ping", "summary");
      JsonObject summary = terminal.objects().getLast();
      assertThat(summary.get("received").getAsInt()).isEqualTo(2);
      assertThat(summary.get("min_ms").getAsDouble())
          .isPositive()
          .isLessThanOrEqualTo(summary.get("max_ms").getAsDouble());
    }
  }

  @Test
  void theNodeTellsWhoComesAndGoes() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      Path visitor = home.resolve("visitor");
      assertThat(terminal.run("ping", "-c", "1", "--data-dir", visitor.toString(), node.address()))
          .isEqualTo(0);
      var id = new Terminal(home);
      assertThat(id.run("id", "--data-dir", visitor.toString())).isEqualTo(0);

      JsonObject connected = node.next();
      assertThat(connected.get("event").getAsString()).isEqualTo("connected");
      assertThat(connected.get("peer").getAsString()).isEqualTo(id.out().strip());
      JsonObject last = connected;
      while (!last.get("event").getAsString().equals("disconnected")) {
        last = node.next();
      }
      assertThat(last.get("peer").getAsString()).isEqualTo(id.out().strip());
    }
  }

  @Test
  void anotherPeerThanTheOneNamedIsRefused() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      String address = node.address().replace(node.peer(), STRANGER);
      assertThat(terminal.run("ping", "--json", "-c", "1", address)).isEqualTo(4);
      assertThat(terminal.objects().getFirst().get("message").getAsString())
          .contains(STRANGER, node.peer());
    }
  }

  @Test
  void anAddressWithoutAPeerTakesWhoeverAnswers() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      String address = node.address().replace("/p2p/" + node.peer(), "");
      assertThat(terminal.run("ping", "-c", "1", address)).isEqualTo(0);
      assertThat(terminal.out()).contains(node.peer());
    }
  }

  @Test
  void aNodeIsNotSentToItself() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      String own = home.resolve("node").toString();
      assertThat(terminal.run("ping", "--data-dir", own, node.address())).isEqualTo(2);
      assertThat(terminal.err()).contains("--data-dir");
    }
  }

  @Test
  void ctrlCEndsAPingWithItsSummary() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      var ended = new CompletableFuture<Integer>();
      Thread.ofVirtual()
          .start(() -> ended.complete(terminal.run("ping", "--json", "-i", "1m", node.address())));
      assertThat(terminal.nextLine()).contains("connected");
      assertThat(terminal.nextLine()).contains("\"seq\":1");
      terminal.interrupt();
      assertThat(ended.join()).isEqualTo(130);
      assertThat(events(terminal.objects())).containsExactly("connected", "ping", "summary");
    }
  }

  @Test
  void aPeerThatGoesAwayIsLoss() throws Exception {
    var node = RunningNode.start(home, "listen");
    var ended = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(() -> ended.complete(terminal.run("ping", "-i", "1ms", node.address())));
    while (!terminal.nextLine().startsWith("seq=1 ")) {}
    node.close();
    while (!terminal.nextLine().contains(" lost: ")) {}
    terminal.interrupt();
    assertThat(ended.join()).isEqualTo(130);
    assertThat(terminal.out().lines().filter(line -> line.contains("% lost"))).hasSize(1);
  }

  @Test
  void ctrlCEndsANodeInGoodOrder() throws Exception {
    var node = RunningNode.start(home, "listen");
    assertThat(node.stop()).isEqualTo(130);
    assertThat(node.next().get("event").getAsString()).isEqualTo("stopped");
  }

  @Test
  void perfMeasuresBothWaysOverManyStreams() throws Exception {
    try (var node = RunningNode.start(home, "perf", "serve")) {
      String[] line = {
        "perf", "run", "--json", "--upload", "1000001", "--download", "3MiB", "--streams", "4"
      };
      assertThat(terminal.run(with(line, node.address()))).isEqualTo(0);
      List<JsonObject> results =
          terminal.objects().stream()
              .filter(object -> object.get("event").getAsString().equals("result"))
              .toList();
      assertThat(results).hasSize(2);
      assertThat(results.getFirst().get("phase").getAsString()).isEqualTo("upload");
      assertThat(results.getFirst().get("bytes").getAsLong()).isEqualTo(1000001);
      assertThat(results.getLast().get("phase").getAsString()).isEqualTo("download");
      assertThat(results.getLast().get("bytes").getAsLong()).isEqualTo(3 << 20);
      assertThat(results.getLast().get("gbit_per_second").getAsDouble()).isPositive();
    }
  }

  @Test
  void onlyWhatIsAskedForIsMeasured() throws Exception {
    try (var node = RunningNode.start(home, "perf", "serve")) {
      assertThat(terminal.run("perf", "run", "--download", "64KiB", node.address())).isEqualTo(0);
      assertThat(terminal.out()).contains("download 64.0 KiB in ").doesNotContain("upload");
    }
  }

  @Test
  void aPeerThatDoesNotServeMeasurementsRefuses() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      assertThat(terminal.run("perf", "run", "--json", "--upload", "1MiB", node.address()))
          .isEqualTo(4);
      assertThat(terminal.objects().getLast().get("code").getAsInt()).isEqualTo(4);
    }
  }

  @Test
  void anAddressInUseIsNamedWithTheWayOut() throws Exception {
    try (var node = RunningNode.start(home, "listen")) {
      String taken = node.address().replace("/p2p/" + node.peer(), "");
      assertThat(terminal.run("listen", "--listen", taken)).isEqualTo(1);
      assertThat(terminal.err()).contains(taken, "--listen");
    }
  }

  @Test
  void withoutAnAddressANodeListensOnEveryInterface() throws Exception {
    var ended = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> ended.complete(terminal.run("listen", "--json")));
    assertThat(terminal.nextLine()).contains("/ip4/127.0.0.1/tcp/");
    terminal.interrupt();
    assertThat(ended.join()).isEqualTo(130);
  }

  @Test
  void theLogIsAFileInTheDataDirectory() throws Exception {
    try (var _ = RunningNode.start(home, "listen")) {
      assertThat(Files.exists(home.resolve("node/logs/warren.log"))).isTrue();
    }
  }

  private static List<String> events(List<JsonObject> objects) {
    return objects.stream().map(object -> object.get("event").getAsString()).toList();
  }

  private static String[] with(String[] line, String last) {
    String[] longer = Arrays.copyOf(line, line.length + 1);
    longer[line.length] = last;
    return longer;
  }
}
