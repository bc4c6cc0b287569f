package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The launcher and what it starts, as real processes. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class ProcessesIT {
  private static final Path LAUNCHER = Path.of("").toAbsolutePath().getParent().resolve("warren");

  /** The bit of SIGINT in the mask of ignored signals. */
  private static final long SIGINT_MASK = 1L << 1;

  @TempDir private Path home;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  /** What a process that has ended had to say. */
  private record Ended(int exitCode, String out, String err) {
    List<JsonObject> objects() {
      return out.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }
  }

  @Test
  void nodesPingAndMeasureEachOther() throws Exception {
    Process node = start(home, "perf", "serve", "--json", "--listen", "/ip4/127.0.0.1/tcp/0");
    BufferedReader told = node.inputReader();
    JsonObject listening = JsonParser.parseString(told.readLine()).getAsJsonObject();
    String address = listening.getAsJsonArray("addresses").get(0).getAsString();

    Ended ping = run(home, "ping", "--json", "-c", "3", "-i", "10ms", address);
    assertThat(ping.exitCode()).as(ping.err()).isEqualTo(0);
    assertThat(ping.objects().getLast().get("received").getAsInt()).isEqualTo(3);

    Ended perf = run(home, "perf", "run", "--json", "--upload", "32MiB", "--streams", "2", address);
    assertThat(perf.exitCode()).as(perf.err()).isEqualTo(0);
    JsonObject result = perf.objects().getLast();
    assertThat(result.get("event").getAsString()).isEqualTo("result");
    assertThat(result.get("bytes").getAsLong()).isEqualTo(32 << 20);

    String stranger = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    String wrong = address.substring(0, address.lastIndexOf('/') + 1) + stranger;
    assertThat(run(home, "ping", "-c", "1", wrong).exitCode()).isEqualTo(4);

    // SIGTERM, by the handle: that of the process itself would close its output with it.
    node.toHandle().destroy();
    assertThat(node.waitFor()).isEqualTo(143);
    assertThat(told.lines().reduce((_, last) -> last).orElseThrow()).contains("\"stopped\"");

    Ended late = run(home, "ping", "--json", address);
    assertThat(late.exitCode()).isEqualTo(3);
    assertThat(late.objects().getLast().get("code").getAsInt()).isEqualTo(3);
  }

  @Test
  void filesGoFromOneProcessToAnother() throws Exception {
    Path mods = Files.createDirectories(home.resolve("mods/maps"));
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);
    Files.write(mods.resolve("big.pak"), content);
    Files.writeString(mods.resolve("readme.txt"), "hello");
    Process sharer = start(home, alone("share", "a", "--once", home.resolve("mods").toString()));
    BufferedReader told = sharer.inputReader();
    JsonObject code = JsonParser.parseString(told.readLine()).getAsJsonObject();
    assertThat(code.get("event").getAsString()).isEqualTo("code");
    assertThat(code.get("words").getAsString()).matches("[0-9]{4}(-[a-z]+){3}");
    String ticket = code.get("ticket").getAsString();

    Ended list = run(home, alone("receive", "b", "--list", "-o", "out", ticket));
    assertThat(list.exitCode()).as(list.err()).isEqualTo(0);
    assertThat(list.out()).contains("mods/maps/big.pak").contains("mods/maps/readme.txt");
    assertThat(home.resolve("out/mods")).doesNotExist();

    Ended received = run(home, alone("receive", "b", "--yes", "-o", "out", ticket));
    assertThat(received.exitCode()).as(received.err()).isEqualTo(0);
    JsonObject done = received.objects().getLast();
    assertThat(done.get("event").getAsString()).isEqualTo("done");
    assertThat(done.get("files").getAsInt()).isEqualTo(2);
    assertThat(home.resolve("out/mods/maps/big.pak")).hasBinaryContent(content);
    assertThat(home.resolve("out/mods/maps/readme.txt")).hasContent("hello");

    assertThat(sharer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sharer.exitValue()).isEqualTo(0);
    Ended late = run(home, alone("receive", "b", "--yes", "--timeout", "2", "-o", "again", ticket));
    assertThat(late.exitCode()).as(late.err()).isEqualTo(3);
  }

  @Test
  void whatWasReceivedIsVerifiedAndWhoIsBlockedReceivesNoMore() throws Exception {
    Path mods = Files.createDirectories(home.resolve("mods"));
    Files.writeString(mods.resolve("readme.txt"), "hello");
    Process sharer = start(home, alone("share", "a", mods.toString()));
    String ticket =
        JsonParser.parseString(sharer.inputReader().readLine())
            .getAsJsonObject()
            .get("ticket")
            .getAsString();
    Ended received = run(home, alone("receive", "b", "--yes", "-o", "out", ticket));
    assertThat(received.exitCode()).as(received.err()).isEqualTo(0);

    Ended intact = run(home, "verify", "--json", "--data-dir", "b", "out");
    assertThat(intact.exitCode()).as(intact.err()).isEqualTo(0);
    Files.writeString(home.resolve("out/mods/readme.txt"), "jello");
    Ended damaged = run(home, "verify", "--json", "--data-dir", "b", "out");
    assertThat(damaged.exitCode()).as(damaged.err()).isEqualTo(5);
    assertThat(damaged.objects().getFirst().get("path").getAsString()).isEqualTo("mods/readme.txt");

    Ended peers = run(home, "peers", "--json", "--data-dir", "a");
    String receiver = peers.objects().getFirst().get("peer").getAsString();
    Ended blocked = run(home, "peers", "block", "--data-dir", "a", receiver);
    assertThat(blocked.exitCode()).as(blocked.err()).isEqualTo(0);
    Ended refused = run(home, alone("receive", "b", "--yes", "-o", "again", ticket));
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(4);
    assertThat(home.resolve("again")).doesNotExist();
  }

  /** A command of a node of its own that keeps away from the local network. */
  private String[] alone(String command, String node, String... args) {
    List<String> line = new ArrayList<>(List.of(command, "--json", "--no-lan", "--network", "off"));
    line.addAll(List.of("--data-dir", home.resolve(node).toString()));
    line.addAll(List.of("--listen", "/ip4/127.0.0.1/tcp/0"));
    line.addAll(List.of(args));
    return line.toArray(String[]::new);
  }

  @Test
  void ctrlCEndsWith130() throws Exception {
    assumeFalse(interruptsAreIgnored(), "whoever started this JVM has it ignore Ctrl-C");
    Process node = start(home, "listen", "--json");
    BufferedReader told = node.inputReader();
    assertThat(told.readLine()).contains("listening");
    new ProcessBuilder("kill", "-INT", Long.toString(node.pid())).start().waitFor();
    assertThat(node.waitFor()).isEqualTo(130);
    assertThat(told.readLine()).contains("stopped");
  }

  @Test
  void theLauncherWorksThroughALinkFromAnyFolder() throws Exception {
    Path link = home.resolve("a link to warren");
    Files.createSymbolicLink(link, LAUNCHER);
    Ended version = end(process(home, link, "--version"));
    assertThat(version.out()).startsWith("warren ");
    assertThat(version.err()).isEmpty();
    assertThat(version.exitCode()).isEqualTo(0);
  }

  @Test
  void theLauncherLeavesArgumentsAsTheyAre() throws Exception {
    Ended wrong = run(home, "ping", "a b \"$HOME\" * \\");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("'a b \"$HOME\" * \\' is no multiaddr");
  }

  @Test
  void theKeyIsForItsOwnerAlone() throws Exception {
    Ended id = run(home, "id", "--json");
    assertThat(id.exitCode()).as(id.err()).isEqualTo(0);
    Path key = home.resolve("data/warren/identity.key");
    assertThat(Files.getPosixFilePermissions(key)).hasToString("[OWNER_READ, OWNER_WRITE]");
  }

  private Ended run(Path folder, String... args) throws IOException, InterruptedException {
    return end(start(folder, args));
  }

  private Process start(Path folder, String... args) throws IOException {
    return process(folder, LAUNCHER, args);
  }

  private Process process(Path folder, Path program, String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(args));
    var builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("XDG_DATA_HOME", home.resolve("data").toString());
    builder.environment().put("HOME", home.toString());
    builder.redirectError(home.resolve("err" + started.size()).toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Ended end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String err = Files.readString(home.resolve("err" + started.indexOf(process)));
    return new Ended(process.exitValue(), out, err);
  }

  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
            .anyMatch(mask -> (mask & SIGINT_MASK) != 0);
  }
}
