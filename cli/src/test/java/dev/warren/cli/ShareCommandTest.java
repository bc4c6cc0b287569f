package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.warren.node.Receiver;
import dev.warren.node.ShareOptions;
import dev.warren.node.Sharing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ShareCommandTest {
  private static final String WORDS = "warren receive " + FakeNode.WORDS;
  private static final String TICKET = "warren receive " + FakeNode.TICKET;
  private static final String LEGACY = "warren receive " + FakeNode.LEGACY;

  @TempDir private Path home;
  private final FakeNode node = new FakeNode();
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(home, node);
  }

  private int share(String... args) {
    List<String> line = new ArrayList<>(List.of("share"));
    line.addAll(List.of(args));
    return terminal.run(line.toArray(String[]::new));
  }

  private static Receiver receiver(boolean finished) {
    return new Receiver(
        FakeNode.OTHER, Optional.of("ana\u001b"), "direct, LAN", 2048, true, finished);
  }

  @Test
  void theCodeIsALineToPaste() {
    assertThat(share("mods")).isEqualTo(0);
    assertThat(terminal.out().lines().findFirst()).contains(WORDS);
    assertThat(terminal.out()).doesNotContain("\u001b");
    assertThat(terminal.err()).contains("Sharing mods. Ctrl-C ends it.");
  }

  @Test
  void programsGetTheCodeFirst() {
    assertThat(share("mods", "--json")).isEqualTo(0);
    JsonObject code = terminal.objects().getFirst();
    assertThat(code.get("event").getAsString()).isEqualTo("code");
    assertThat(code.get("words").getAsString()).isEqualTo(FakeNode.WORDS.toString());
    assertThat(code.get("ticket").getAsString()).isEqualTo(FakeNode.TICKET.toString());
    assertThat(code.has("qr")).isFalse();
    JsonObject ended = terminal.objects().getLast();
    assertThat(ended.get("event").getAsString()).isEqualTo("ended");
    assertThat(ended.get("reason").getAsString()).isEqualTo("received");
  }

  @Test
  void formsThatAreAskedForTakeThePlaceOfWords() {
    assertThat(share("mods", "--ticket", "--legacy")).isEqualTo(0);
    assertThat(terminal.out()).contains(TICKET, LEGACY).doesNotContain(WORDS);
    assertThat(node.shareOptions().words()).isFalse();

    var other = new Terminal(home, node);
    assertThat(other.run("share", "--words", "--ticket", "mods")).isEqualTo(0);
    assertThat(other.out()).contains(WORDS, TICKET).doesNotContain(LEGACY);
  }

  @Test
  void theTicketIsDrawnForPeopleAndSpelledForPrograms() {
    assertThat(share("mods", "--qr")).isEqualTo(0);
    assertThat(terminal.out()).contains(QrCode.of(FakeNode.TICKET.toQrText(), false).strip());

    var program = new Terminal(home, node);
    assertThat(program.run("share", "--qr", "--json", "mods")).isEqualTo(0);
    assertThat(program.objects().getFirst().get("qr").getAsString())
        .isEqualTo(FakeNode.TICKET.toQrText());
  }

  @Test
  void theCodeIsCopiedWhereResultsAreShownOnATerminal() {
    var person = terminal.withPerson();
    assertThat(share("mods")).isEqualTo(0);
    assertThat(person.out()).contains("\u001b]52;c;");

    var dumb = new Terminal(home, node).withPerson().withEnvironment(Map.of("TERM", "dumb"));
    assertThat(dumb.run("share", "mods")).isEqualTo(0);
    assertThat(dumb.out() + dumb.err()).doesNotContain("\u001b");
  }

  @Test
  void whatIsAskedForReachesTheNode() {
    int exit =
        share(
            "mods",
            "--name=Maps",
            "--description=for eight",
            "--exclude=*.sav",
            "--limit-up=2MiB",
            "--expires=2h",
            "--count=3",
            "--new",
            "--no-lan");
    assertThat(exit).isEqualTo(0);
    ShareOptions options = node.shareOptions();
    assertThat(options.source()).isEqualTo(new ShareOptions.Source.Paths(List.of(Path.of("mods"))));
    assertThat(options.name()).isEqualTo("Maps");
    assertThat(options.description()).isEqualTo("for eight");
    assertThat(options.exclude()).containsExactly("*.sav");
    assertThat(options.limitUp()).hasValue(2 << 20);
    assertThat(options.expires()).contains(Duration.ofHours(2));
    assertThat(options.receivers()).hasValue(3);
    assertThat(options.fresh()).isTrue();
    assertThat(node.started.get().orElseThrow().lan()).isFalse();
  }

  @Test
  void onceIsForOne() {
    assertThat(share("mods", "--once")).isEqualTo(0);
    assertThat(node.shareOptions().receivers()).hasValue(1);
  }

  @Test
  void standardInputAndTextBecomeAFile() throws Exception {
    terminal.typing("see you at eight");
    assertThat(share("-", "--as", "note.txt")).isEqualTo(0);
    assertThat(content("note.txt")).isEqualTo("see you at eight");

    assertThat(new Terminal(home, node).run("share", "--text", "at nine")).isEqualTo(0);
    assertThat(content("text.txt")).isEqualTo("at nine");
  }

  private String content(String name) throws IOException {
    var content = (ShareOptions.Source.Content) node.shareOptions().source();
    assertThat(content.fileName()).isEqualTo(name);
    return new String(content.content().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "share | nothing to share",
        "share mods --text hello | either --text or paths",
        "share - mods | cannot be shared together with paths",
        "share mods --as a.txt | --as is for standard input",
        "share - --exclude *.sav | for files and folders",
        "share --text hello --dry-run | for files and folders",
        "share - --new | for files and folders",
        "share mods --once --count 2 | --once is --count 1",
        "share mods --count 0 | at least 1",
        "share mods --expires 0 | more than nothing",
        "share mods --expires soon | no time",
        "share mods --limit-up 0 | more than nothing",
        "share mods --approve | there is no terminal",
        "share mods --approve --json | --json is for programs",
        "share --text hello --as a/b | is a path",
        "share --text hello --as aux | Not every system",
        "share mods --name= | --name is empty",
      })
  void whatMakesNoSenseIsSaid(String line, String sentence) {
    assertThat(terminal.run(line.split(" "))).isEqualTo(2);
    assertThat(terminal.err()).contains(sentence).doesNotContain("\tat ");
    assertThat(node.started.get()).isEmpty();
  }

  @Test
  void aTextThatNobodyWouldSeeTheEndOfIsRefused() {
    assertThat(share("mods", "--description", "x".repeat(257))).isEqualTo(2);
    assertThat(terminal.err()).contains("--description has more than 256 characters");
    assertThat(new Terminal(home, node).run("share", "mods", "--name", "é".repeat(256)))
        .isEqualTo(0);
  }

  @Test
  void whoMayReceiveIsAskedAtTheTerminal() {
    List<Boolean> answers = new ArrayList<>();
    node.sharing =
        () -> {
          var approval = node.shareOptions().approval();
          answers.add(approval.approve(FakeNode.OTHER, Optional.of("ana")));
          answers.add(approval.approve(FakeNode.OTHER, Optional.empty()));
          answers.add(approval.approve(FakeNode.OTHER, Optional.empty())); // nobody answers
          return Sharing.End.RECEIVED;
        };
    terminal.withPerson("y", "what?");
    assertThat(share("mods", "--approve")).isEqualTo(0);
    assertThat(answers).containsExactly(true, false, false);
    assertThat(terminal.err())
        .contains("Let ana receive? [y/N] ", "Let " + FakeNode.OTHER + " receive? [y/N] ");
  }

  @Test
  void whatHappensIsToldToTheEnd() {
    node.receivers = List.of(receiver(true));
    node.sharing =
        () -> {
          var told = node.shareOptions().listener();
          told.joined(receiver(false));
          told.wrongWords(4);
          told.warning("a.txt\u001b is left out");
          told.finished(receiver(true));
          told.left(receiver(true));
          return Sharing.End.RECEIVED;
        };
    assertThat(share("mods", "--once")).isEqualTo(0);
    assertThat(terminal.err())
        .contains("+ ana? receives (direct, LAN)", "✓ ana? has all of it", "4 tries are left")
        .contains("warren: a.txt? is left out.")
        .doesNotContain("is gone", "\u001b");
    assertThat(terminal.out()).contains("Received by 1; the code is good for nothing any more.");
  }

  @Test
  void itsTimeMayBeOver() {
    node.sharing = () -> Sharing.End.EXPIRED;
    assertThat(share("mods", "--expires", "1m")).isEqualTo(0);
    assertThat(terminal.out()).contains("Its time is over; received by 0.");
  }

  @Test
  void aShareThatCannotGoOnHasFailed() {
    node.sharing =
        () -> {
          throw new IOException("the share cannot go on: the disk is gone");
        };
    assertThat(share("mods", "--json")).isEqualTo(1);
    JsonObject error = terminal.objects().getLast();
    assertThat(error.get("event").getAsString()).isEqualTo("error");
    assertThat(error.get("message").getAsString()).contains("The share cannot go on");
  }

  @Test
  void ctrlCEndsIt() throws Exception {
    node.sharing = () -> node.untilClosed(Sharing.End.CLOSED);
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> exit.complete(share("mods", "--json")));
    assertThat(terminal.nextObject().get("event").getAsString()).isEqualTo("code");
    terminal.interrupt();
    assertThat(exit.get()).isEqualTo(130);
    assertThat(terminal.nextObject().get("event").getAsString()).isEqualTo("stopped");
    assertThat(node.closed.getCount()).isZero();
  }

  @Test
  void programsHearOfProgressEverySecond() throws Exception {
    var time = new ManualTime();
    terminal.withTime(time);
    node.sharing = () -> node.untilClosed(Sharing.End.CLOSED);
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> exit.complete(share("mods", "--json")));
    terminal.nextObject();
    node.awaited.await();
    for (int second = 0; second < 3; second++) {
      time.advance(Duration.ofSeconds(1));
      JsonObject progress = terminal.nextObject();
      assertThat(progress.get("event").getAsString()).isEqualTo("progress");
      assertThat(progress.get("hashed_bytes").getAsLong()).isEqualTo(1024);
    }
    terminal.interrupt();
    assertThat(exit.get()).isEqualTo(130);
  }

  @Test
  void aDryRunListsWithoutANode() throws Exception {
    Path mods = Files.createDirectories(home.resolve("mods"));
    Files.writeString(mods.resolve("map.pak"), "12345");
    Files.writeString(mods.resolve("old.sav"), "");
    Files.writeString(mods.resolve("con.txt"), "");
    assertThat(share("--dry-run", "--exclude", "*.sav", mods.toString())).isEqualTo(0);
    assertThat(terminal.out())
        .contains("5 B  mods/map.pak")
        .contains("left out  mods/old.sav  (*.sav)")
        .contains("1 file, 5 B would be shared; 1 left out, 1 cannot be shared.");
    assertThat(terminal.err()).contains("con.txt");
    assertThat(node.started.get()).isEmpty();

    var program = new Terminal(home, node);
    assertThat(program.run("share", "--json", "--dry-run", mods.toString())).isEqualTo(0);
    assertThat(program.objects())
        .extracting(object -> object.get("event").getAsString())
        .containsExactly("refused", "entry", "entry", "preview");
    assertThat(program.objects().getLast().get("files").getAsInt()).isEqualTo(2);
  }

  @Test
  void aDryRunFailsAsSharingWould() {
    assertThat(share("--dry-run", home.resolve("gone").toString())).isEqualTo(1);
    assertThat(terminal.err()).contains("there is nothing of that name");
  }
}
