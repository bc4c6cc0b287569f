package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String NOWHERE = "/ip4/127.0.0.1/tcp/1";

  @TempDir private Path home;
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(home);
  }

  @Test
  void withoutArgumentsItSaysWhatCommandsThereAre() {
    assertThat(terminal.run()).isEqualTo(0);
    assertThat(terminal.out()).contains("listen", "ping", "perf", "id", "completion");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "share --help",
        "receive --help",
        "id --help",
        "ping --help",
        "listen --help",
        "perf --help",
        "perf serve --help",
        "perf run --help",
        "share --help",
        "receive --help",
        "shares --help",
        "transfers --help",
        "verify --help",
        "audit --help",
        "peers --help",
        "peers name --help",
        "peers unname --help",
        "peers block --help",
        "peers unblock --help",
        "cache --help",
        "cache clear --help",
        "dht --help",
        "dht serve --help",
        "dht find --help",
        "dht provide --help",
        "dht providers --help",
        "dht put --help",
        "dht get --help",
        "dht stats --help",
        "dht crawl --help",
        "completion --help"
      })
  void everyHelpFitsEightyColumns(String line) {
    assertThat(terminal.run(line.split(" "))).isEqualTo(0);
    assertThat(terminal.out().lines())
        .isNotEmpty()
        .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(80));
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void helpIsAnObjectForPrograms() {
    assertThat(terminal.run("ping", "--help", "--json")).isEqualTo(0);
    JsonObject help = terminal.objects().getFirst();
    assertThat(help.get("event").getAsString()).isEqualTo("help");
    assertThat(help.get("command").getAsString()).isEqualTo("warren ping");
    assertThat(help.get("text").getAsString()).contains("MULTIADDR");
  }

  @Test
  void versionIsALineOrAnObject() {
    assertThat(terminal.run("--version")).isEqualTo(0);
    assertThat(terminal.out()).startsWith("warren ");

    var program = new Terminal(home);
    assertThat(program.run("--json", "--version")).isEqualTo(0);
    assertThat(program.objects().getFirst().get("java").getAsString())
        .isEqualTo(Runtime.version().toString());
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheNearestOne() {
    assertThat(terminal.run("pnig", NOWHERE)).isEqualTo(2);
    assertThat(terminal.err()).contains("no command 'pnig'", "Did you mean 'ping'?");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void aPathWithoutACommandIsTakenForAShare() throws Exception {
    Path mods = Files.createDirectory(home.resolve("mods"));
    assertThat(terminal.run(mods.toString(), "--once", "--json")).isEqualTo(2);
    assertThat(terminal.err())
        .contains("no command '" + mods + "'")
        .contains("Did you mean 'warren share " + mods + " --once --json'?");
    assertThat(terminal.objects().getFirst().get("next_step").getAsString())
        .contains("warren share " + mods);
    assertThat(terminal.run("-")).isEqualTo(2);
    assertThat(terminal.err()).contains("'warren share -'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4821-otter-violet-canoe",
        "4821 otter violet canoe",
        "4821-otter-vilot-canoe",
        "ABC123:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:192.0.2.1:4001"
      })
  void aCodeWithoutACommandIsToBeReceived(String code) {
    assertThat(terminal.run(code.split(" "))).isEqualTo(2);
    assertThat(terminal.err()).contains("Did you mean 'warren receive " + code + "'?");
  }

  @Test
  void whatIsNeitherPathNorCodeIsOnlyNoCommand() {
    assertThat(terminal.run("no/such/path", "--once")).isEqualTo(2);
    assertThat(terminal.err())
        .contains("no command 'no/such/path'", "'warren --help'")
        .doesNotContain("Did you mean");
  }

  @Test
  void aMistypedCommandOfAGroupIsAnsweredWithTheNearestOne() {
    assertThat(terminal.run("peers", "blokc", "kim")).isEqualTo(2);
    assertThat(terminal.err()).contains("Did you mean 'block'?", "warren peers --help");
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheNearestOne() {
    assertThat(terminal.run("perf", "run", "--steams", "4", NOWHERE)).isEqualTo(2);
    assertThat(terminal.err())
        .contains("no option '--steams'", "'--streams'", "warren perf run --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "/ip4/1.2.3/tcp/1", "/ip4/127.0.0.1/tcp/1/p2p/Qm", "/"})
  void anAddressThatIsNoneIsWrongUsageAndNamed(String address) {
    assertThat(terminal.run("ping", address)).isEqualTo(2);
    assertThat(terminal.err()).contains("'" + address + "' is no multiaddr");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ping",
        "perf",
        "perf run",
        "completion tcsh",
        "ping -c 0 " + NOWHERE,
        "ping -c x " + NOWHERE,
        "ping -i soon " + NOWHERE,
        "perf run --upload 1XB " + NOWHERE,
        "perf run --streams 0 " + NOWHERE,
        "id extra",
        "listen --listen 127.0.0.1:80"
      })
  void wrongUsageIsTwoWithAnObjectForPrograms(String line) {
    assertThat(terminal.run((line + " --json").split(" "))).isEqualTo(2);
    JsonObject error = terminal.objects().getFirst();
    assertThat(error.get("event").getAsString()).isEqualTo("error");
    assertThat(error.get("code").getAsInt()).isEqualTo(2);
    assertThat(error.get("message").getAsString()).isNotBlank();
    assertThat(terminal.err()).contains("--help").doesNotContain("\tat ");
  }

  @Test
  void aPeerThatIsNotThereIsUnreachable() {
    assertThat(terminal.run("ping", "--json", NOWHERE)).isEqualTo(3);
    JsonObject error = terminal.objects().getFirst();
    assertThat(error.get("code").getAsInt()).isEqualTo(3);
    assertThat(error.get("message").getAsString()).contains(NOWHERE);
    assertThat(terminal.err()).contains(NOWHERE).doesNotContain("\tat ");
  }

  @Test
  void detailsShowWhereAnErrorCameFrom() {
    assertThat(terminal.run("ping", "-v", NOWHERE)).isEqualTo(3);
    assertThat(terminal.err()).contains("DialException", "\tat ");
  }

  @Test
  void theIdStaysTheSame() {
    assertThat(terminal.run("id")).isEqualTo(0);
    var again = new Terminal(home);
    assertThat(again.run("id", "--json")).isEqualTo(0);
    JsonObject id = again.objects().getFirst();
    assertThat(terminal.out().strip()).isEqualTo(id.get("peer").getAsString());
    assertThat(id.get("data_dir").getAsString()).isEqualTo(home.resolve("default").toString());
  }

  @Test
  void anotherDirectoryIsAnotherNode() {
    assertThat(terminal.run("id")).isEqualTo(0);
    var other = new Terminal(home);
    assertThat(other.run("id", "--data-dir", home.resolve("other").toString())).isEqualTo(0);
    assertThat(other.out()).isNotEqualTo(terminal.out());
  }

  @Test
  void aKeyFileWithoutAKeyIsNamed() throws Exception {
    assertThat(terminal.run("id")).isEqualTo(0);
    Path key = home.resolve("default").resolve("identity.key");
    Files.writeString(key, "nonsense\n");
    var again = new Terminal(home);
    assertThat(again.run("id")).isEqualTo(1);
    assertThat(again.err()).contains(key.toString()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completionKnowsEveryCommandAndOption(String shell) {
    assertThat(terminal.run("completion", shell)).isEqualTo(0);
    assertThat(terminal.out()).contains("listen", "serve", "completion", "fish");
    assertThat(terminal.out())
        .contains("shares", "transfers", "verify", "audit", "peers", "unblock", "cache", "clear");
    List<String> options =
        List.of("json", "data-dir", "listen", "streams", "interval", "newest", "peer", "yes");
    assertThat(terminal.out()).contains(options);
  }

  @Test
  void bashCompletesPathsWhereThereAreSome() {
    assertThat(terminal.run("completion", "bash")).isEqualTo(0);
    assertThat(terminal.out()).containsPattern("'--data-dir'\\)[^;]*compgen -f");
  }
}
