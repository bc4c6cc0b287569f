package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against nodes of a network on this machine. */
@Timeout(60)
class DhtCommandsTest {
  private static final String STRANGER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
  private static final int NODES = 3;

  @TempDir private Path home;
  private final List<RunningNode> nodes = new ArrayList<>();
  private Terminal terminal;

  @BeforeEach
  void open() throws InterruptedException {
    terminal = new Terminal(home);
    nodes.add(serve("node0"));
    for (int i = 1; i < NODES; i++) {
      nodes.add(serve("node" + i, "--bootstrap", nodes.getFirst().address()));
      assertThat(nodes.get(i).next().get("event").getAsString()).isEqualTo("joined");
    }
  }

  @AfterEach
  void close() {
    nodes.forEach(RunningNode::close);
  }

  private RunningNode serve(String name, String... more) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("dht", "serve", "--network", "lan"));
    command.addAll(List.of(more));
    return RunningNode.start(home.resolve(name), command.toArray(String[]::new));
  }

  /** Runs a command as the node of a directory of its own. */
  private int run(String... command) {
    return run(terminal, "visitor", command);
  }

  private int run(Terminal at, String name, String... command) {
    List<String> args = new ArrayList<>(List.of("dht"));
    args.addAll(List.of(command));
    args.addAll(List.of("--network", "lan", "--bootstrap", nodes.get(1).address()));
    args.addAll(List.of("--data-dir", home.resolve(name).toString()));
    return at.run(args.toArray(String[]::new));
  }

  private String idOf(String name) {
    var id = new Terminal(home);
    assertThat(id.run("id", "--data-dir", home.resolve(name).toString())).isZero();
    return id.out().strip();
  }

  @Test
  void aPeerIsFoundByAnotherOne() {
    assertThat(run("find", nodes.get(2).peer())).isZero();
    assertThat(terminal.out()).startsWith("Reached").contains(nodes.get(2).address());
  }

  @Test
  void whatIsFoundIsAnObjectForPrograms() {
    assertThat(run("find", "--json", nodes.getFirst().peer())).isZero();
    JsonObject found = terminal.objects().getFirst();
    assertThat(found.get("event").getAsString()).isEqualTo("found");
    assertThat(found.get("peer").getAsString()).isEqualTo(nodes.getFirst().peer());
    assertThat(found.get("connected").getAsBoolean()).isTrue();
    assertThat(found.getAsJsonArray("addresses").toString()).contains(nodes.getFirst().address());
  }

  @Test
  void aPeerIsFoundByItsPetname() {
    assertThat(
            new Terminal(home)
                .run(
                    "peers",
                    "name",
                    nodes.get(2).peer(),
                    "kim",
                    "--data-dir",
                    home.resolve("visitor").toString()))
        .isZero();
    assertThat(run("find", "kim")).isZero();
    assertThat(terminal.out()).contains(nodes.get(2).peer());
  }

  @Test
  void whoIsNotThereIsNotFound() {
    assertThat(run("find", "--json", STRANGER)).isEqualTo(3);
    JsonObject error = terminal.objects().getLast();
    assertThat(error.get("code").getAsInt()).isEqualTo(3);
    assertThat(error.get("message").getAsString()).contains(STRANGER);
  }

  @Test
  void whatOneProvidesAnotherFindsUntilItStops() throws Exception {
    var provider = new Terminal(home);
    var ended = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(
            () ->
                ended.complete(
                    run(
                        provider,
                        "provider",
                        "provide",
                        "--json",
                        "--listen",
                        "/ip4/127.0.0.1/tcp/0",
                        "our maps")));
    JsonObject provided = provider.nextObject();
    assertThat(provided.get("event").getAsString()).isEqualTo("provided");
    assertThat(provided.get("peers").getAsInt()).isEqualTo(NODES);

    assertThat(run("providers", "--json", provided.get("key").getAsString())).isZero();
    assertThat(terminal.objects())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.get("event").getAsString()).isEqualTo("provider");
              assertThat(found.get("peer").getAsString()).isEqualTo(idOf("provider"));
              assertThat(found.getAsJsonArray("addresses").toString()).contains("/ip4/127.0.0.1");
            });
    provider.interrupt();
    assertThat(ended.join()).isEqualTo(130);
    assertThat(provider.objects().getLast().get("event").getAsString()).isEqualTo("stopped");
  }

  @Test
  void whoProvidesOnceIsDoneAndCanBeFoundStill() {
    var provider = new Terminal(home);
    assertThat(run(provider, "provider", "provide", "--once", "our maps")).isZero();
    assertThat(provider.out()).contains("bafkrei", NODES + " of " + NODES + " peers");
    assertThat(run("providers", "our maps")).isZero();
    assertThat(terminal.out()).startsWith(idOf("provider"));
  }

  @Test
  void whatNobodyProvidesIsNotFound() {
    assertThat(run("providers", "nothing at all")).isEqualTo(3);
    assertThat(terminal.err()).contains("Nobody provides bafkrei");
  }

  @Test
  void aValueIsReplacedByItsOwnerAndReadByOthers() {
    assertThat(run(new Terminal(home), "owner", "put", "--expires", "36500d", "motto", "one"))
        .isZero();
    var owner = new Terminal(home);
    assertThat(run(owner, "owner", "put", "--json", "--expires", "36500d", "motto", "two\nlines"))
        .isZero();
    assertThat(owner.objects().getFirst().get("peers").getAsInt()).isEqualTo(NODES);

    String key = idOf("owner") + "/motto";
    assertThat(run("get", key)).isZero();
    assertThat(terminal.out()).isEqualToNormalizingNewlines("two\nlines\n");

    var program = new Terminal(home);
    assertThat(run(program, "visitor", "get", "--json", key)).isZero();
    JsonObject value = program.objects().getFirst();
    assertThat(value.get("value").getAsString()).isEqualTo("two\nlines");
    assertThat(value.get("key").getAsString()).isEqualTo("/warren/" + key);
    assertThat(value.get("sequence").getAsLong()).isEqualTo(Terminal.NOW.toEpochMilli() + 1);
    assertThat(value.get("record").getAsString()).startsWith("u");

    assertThat(run(new Terminal(home), "owner", "get", "motto")).isZero();
  }

  @Test
  void whatAnotherPeerOwnsCannotBeChanged() {
    assertThat(run("put", STRANGER + "/motto", "mine")).isEqualTo(2);
    assertThat(terminal.err()).contains(STRANGER);
  }

  @Test
  void aValueThatProvesNothingIsNotStored() {
    assertThat(run("put", "/ipns/" + STRANGER, "uAAAA")).isEqualTo(2);
    assertThat(terminal.err()).contains("/ipns/" + STRANGER);
    assertThat(run("put", "/ipns/" + STRANGER, "!")).isEqualTo(2);
  }

  @Test
  void whatANodeWithoutAValueKeepsIsNotFound() {
    assertThat(run("get", "motto")).isEqualTo(3);
    assertThat(terminal.err()).contains("Nobody keeps a value of /warren/");
  }

  @Test
  void statsSayHowManyThereAre() {
    assertThat(run("stats", "--json", "-v")).isZero();
    List<JsonObject> objects = terminal.objects();
    assertThat(objects).hasSize(NODES + 1);
    assertThat(objects.getFirst().get("event").getAsString()).isEqualTo("peer");
    assertThat(objects.getFirst().get("agent").getAsString()).startsWith("warren/");
    JsonObject stats = objects.getLast();
    assertThat(stats.get("protocol").getAsString()).isEqualTo("/warren/lan/kad/1.0.0");
    assertThat(stats.get("mode").getAsString()).isEqualTo("client");
    assertThat(stats.get("peers").getAsInt()).isEqualTo(NODES);

    var person = new Terminal(home);
    assertThat(run(person, "visitor", "stats")).isZero();
    assertThat(person.out()).contains("peers in the table      " + NODES);
  }

  @Test
  void aCrawlMeetsEverybodyOnce() {
    assertThat(run("crawl", "--json")).isZero();
    List<JsonObject> objects = terminal.objects();
    assertThat(objects)
        .filteredOn(object -> object.get("event").getAsString().equals("peer"))
        .extracting(object -> object.get("peer").getAsString())
        .containsExactlyInAnyOrderElementsOf(nodes.stream().map(RunningNode::peer).toList());
    JsonObject end = objects.getLast();
    assertThat(end.get("event").getAsString()).isEqualTo("crawled");
    assertThat(end.get("answered").getAsInt()).isEqualTo(NODES);
    assertThat(end.get("unanswered").getAsInt()).isZero();
    assertThat(end.get("complete").getAsBoolean()).isTrue();
    JsonObject agent = objects.get(objects.size() - 2);
    assertThat(agent.get("agent").getAsString()).startsWith("warren/");
    assertThat(agent.get("peers").getAsInt()).isEqualTo(NODES);
  }

  @Test
  void aCrawlEndsWhereItIsTold() {
    assertThat(run("crawl", "-v", "--max-peers", "2")).isZero();
    assertThat(terminal.out()).contains("✓ ", "2 peers in ", ", and not all: 2 answered");
  }

  @Test
  void whoHasBeenThereOnceComesBackWithoutAnAddress() {
    assertThat(run("find", nodes.get(2).peer())).isZero();
    var again = new Terminal(home);
    assertThat(
            again.run(
                "dht",
                "find",
                nodes.get(2).peer(),
                "--network",
                "lan",
                "--data-dir",
                home.resolve("visitor").toString()))
        .as(again.err())
        .isZero();
  }

  @Test
  void aNodeThatCannotJoinSaysSoAndGoesOn() throws Exception {
    try (var node = serve("lonely", "--bootstrap", "/ip4/127.0.0.1/tcp/1")) {
      JsonObject warning = node.next();
      assertThat(warning.get("event").getAsString()).isEqualTo("warning");
      assertThat(warning.get("message").getAsString()).contains("not joined yet", "trying again");
    }
  }

  @Test
  void withoutAnybodyTheErrorSaysWhatToDo() {
    assertThat(terminal.run("dht", "find", STRANGER, "--network", "lan")).isEqualTo(3);
    assertThat(terminal.err()).contains("/warren/lan/kad/1.0.0", "--bootstrap");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get x --network off",
        "get x --network lan,warren",
        "get x --network nowhere",
        "find",
        "providers x --count 0",
        "provide",
        "put x",
        "put x y --expires 0",
        "stats --timeout 0",
        "crawl --max-peers 0",
        "serve --timeout 3",
        "get /nowhere/x"
      })
  void wrongUsageIsTwo(String line) {
    assertThat(terminal.run(("dht " + line).split(" "))).as(line).isEqualTo(2);
    assertThat(terminal.err()).isNotBlank().doesNotContain("\tat ");
  }

  @Test
  void ctrlCEndsAVisit() throws Exception {
    var ended = new CompletableFuture<Integer>();
    var visitor = new Terminal(home);
    visitor.interrupt();
    Thread.ofVirtual().start(() -> ended.complete(run(visitor, "visitor", "stats")));
    assertThat(ended.join()).isEqualTo(130);
  }

  @Test
  void aVisitEndsWhenItsTimeIsOver() {
    assertThat(run("stats", "--timeout", "1ms")).isEqualTo(3);
    assertThat(terminal.err()).contains("--timeout");
  }
}
