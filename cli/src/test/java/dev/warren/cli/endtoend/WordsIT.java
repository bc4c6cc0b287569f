package dev.warren.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Node;
import dev.warren.node.NodeConfig;
import dev.warren.node.NotAllowedException;
import dev.warren.node.ReceiveOptions;
import dev.warren.node.Receiving;
import dev.warren.node.Warren;
import dev.warren.sharecodes.Ticket;
import dev.warren.sharecodes.WordCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.TestAbortedException;

/** Who finds a sharer by what, and whom it lets in: real processes of one machine. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class WordsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String HERE = "/ip4/127.0.0.1/tcp/0";
  private static final int DONE = 0;
  private static final int UNREACHABLE = 3;
  private static final int REFUSED = 4;

  @TempDir private Path home;
  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private Path shared;

  @BeforeEach
  void makeSomethingToShare() throws IOException {
    shared = Files.writeString(home.resolve("readme.txt"), "hello");
  }

  @AfterEach
  void endAll() throws Exception {
    for (AutoCloseable each : closing) {
      each.close();
    }
  }

  @Test
  void wordsLeadToASharerOfTheLocalNetwork() throws Exception {
    Optional<Namespace> network = Namespace.network();
    assumeTrue(network.isPresent(), "no network of our own can be made here");
    closing.push(network.get());
    List<String> prefix = network.get().prefix();
    var sharer = start(prefix, "share", "sharer", List.of("--network", "off", shared.toString()));
    String words = sharer.await(PATIENCE, "code").get("words").getAsString();
    var receiver =
        start(
            prefix,
            "receive",
            "receiver",
            List.of("--network", "off", "--yes", "-o", "out", words));
    requireExit(receiver, DONE);
    assertThat(home.resolve("receiver/out/readme.txt")).hasContent("hello");
    assertThat(receiver.last("finding", Duration.ZERO).orElseThrow().toString())
        .contains("LAN … found");
  }

  @Test
  void wordsThatWereGuessedAtTooOftenAreGoodForNothing() throws Exception {
    var sharer = share();
    JsonObject code = sharer.await(PATIENCE, "code");
    var words = WordCode.parse(code.get("words").getAsString());
    String address =
        Ticket.parse(code.get("ticket").getAsString()).fullAddresses().getFirst().toString();

    var right = receive("right", "--peer", address, words.toString());
    requireExit(right, DONE);

    String wrong = otherSecret(words);
    var guesser = receive("guesser", "--peer", address, wrong);
    requireExit(guesser, REFUSED);
    assertThat(sharer.await(PATIENCE, "warning").toString()).contains("4 tries are left");

    guessFourTimes(address, wrong);
    sharer.awaitText(PATIENCE, "the code of words is good for nothing any more");
    var late = receive("late", "--peer", address, words.toString());
    requireExit(late, REFUSED);
  }

  private void guessFourTimes(String address, String wrong) throws Exception {
    Node node =
        Warren.start(
            NodeConfig.in(home.resolve("node"))
                .withListen(List.of(Multiaddr.parse(HERE)))
                .withLan(false));
    closing.push(node);
    List<Receiving> guesses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      guesses.add(
          node.receive(
              ReceiveOptions.of(wrong)
                  .peers(List.of(Multiaddr.parse(address)))
                  .into(home.resolve("guess" + i))));
    }
    for (Receiving guess : guesses) {
      assertThatExceptionOfType(NotAllowedException.class).isThrownBy(guess::await);
    }
  }

  /** The same number and first word, by which the sharer is found, and other words behind. */
  private static String otherSecret(WordCode words) {
    String text = words.toString();
    String lookup = text.substring(0, text.indexOf('-', 5));
    return lookup + (text.endsWith("-otter-canoe") ? "-canoe-otter" : "-otter-canoe");
  }

  @Test
  void whoIsNotApprovedIsRefused() throws Exception {
    List<String> share =
        WarrenProcess.commandLine(
            List.of(
                "share",
                "--no-lan",
                "--network",
                "off",
                "--ticket",
                "--approve",
                "--listen",
                HERE,
                "--data-dir",
                home.resolve("sharer").toString(),
                shared.toString()));
    Process sharer;
    try {
      // A person is asked at a terminal.
      sharer = new ProcessBuilder("script", "-qec", quoted(share), "/dev/null").start();
    } catch (IOException e) {
      throw new TestAbortedException("there is no command that makes a terminal", e);
    }
    closing.push(
        () -> {
          sharer.descendants().forEach(ProcessHandle::destroyForcibly); // who outlive it
          sharer.destroyForcibly();
        });
    String ticket = firstMatch(sharer.inputReader(), "(warren:[a-z0-9]+)");
    var receiver = receive("receiver", ticket);
    receiver.await(PATIENCE, "approval");
    try (var keyboard = sharer.outputWriter()) {
      keyboard.write("n\n");
    }
    requireExit(receiver, REFUSED);
  }

  private static String quoted(List<String> line) {
    return line.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  private static String firstMatch(BufferedReader lines, String wanted) throws IOException {
    var pattern = Pattern.compile(wanted);
    while (true) {
      Matcher matcher = pattern.matcher(Objects.requireNonNull(lines.readLine()));
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
  }

  @Test
  void aShareWhoseTimeIsOverIsNotFound() throws Exception {
    var sharer = share("--expires", "1s");
    String ticket = sharer.await(PATIENCE, "code").get("ticket").getAsString();
    requireExit(sharer, DONE);
    assertThat(sharer.await(PATIENCE, "ended").get("reason").getAsString()).isEqualTo("expired");
    requireExit(receive("receiver", "--timeout", "1", ticket), UNREACHABLE);
  }

  private WarrenProcess share(String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--no-lan", "--network", "off", "--listen", HERE));
    arguments.addAll(List.of(options));
    arguments.add(shared.toString());
    return start(List.of(), "share", "sharer", arguments);
  }

  private WarrenProcess receive(String name, String... arguments) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("--no-lan", "--network", "off", "--listen", HERE, "--yes", "-o", "out"));
    all.addAll(List.of(arguments));
    return start(List.of(), "receive", name, all);
  }

  private WarrenProcess start(
      List<String> prefix, String command, String name, List<String> arguments) throws IOException {
    Path folder = home.resolve(name);
    List<String> all = new ArrayList<>(List.of(command, "--json"));
    all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    all.addAll(arguments);
    var started = WarrenProcess.start(prefix, folder, all);
    closing.push(started);
    return started;
  }

  private static void requireExit(WarrenProcess process, int code) {
    process.awaitEnd(PATIENCE);
    assertThat(process.exitCode()).as(process.toString()).isEqualTo(code);
  }
}
