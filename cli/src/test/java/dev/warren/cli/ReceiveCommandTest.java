package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.warren.node.BegunOtherwiseException;
import dev.warren.node.CancelledException;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.Connectivity;
import dev.warren.node.CorruptShareException;
import dev.warren.node.NoRoomException;
import dev.warren.node.NotAllowedException;
import dev.warren.node.NotFoundException;
import dev.warren.node.ReceiveOptions;
import dev.warren.node.ReceivePlan;
import dev.warren.node.ReceivePlan.Fate;
import dev.warren.node.Received;
import dev.warren.node.ReceivingProgress;
import dev.warren.node.ReceivingProgress.Source;
import dev.warren.node.ReceivingProgress.State;
import dev.warren.node.Way;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ReceiveCommandTest {
  private static final String CODE = FakeNode.WORDS.toString();
  private static final Received ALL =
      new Received("mods\u001b", 2, 2048, 0, 0, List.of(), 1024, 1024, Duration.ofMillis(1500), 1);
  private static final List<Way> WAYS =
      List.of(
          new Way("LAN", Way.State.FOUND, ""),
          new Way("ticket", Way.State.LOOKING, "3 addresses"),
          new Way("peer", Way.State.FAILED, "no answer"),
          new Way("DHT", Way.State.OFF, ""));

  @TempDir private Path home;
  private final FakeNode node = new FakeNode();
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(home, node);
    node.receiving = () -> ALL;
  }

  private int receive(String... args) {
    List<String> line = new ArrayList<>(List.of("receive"));
    line.addAll(List.of(args));
    return terminal.run(line.toArray(String[]::new));
  }

  /** Has the user agree or not, and answers as a node would. */
  private void offering(ReceivePlan plan) {
    node.receiving =
        () -> {
          if (node.receiveOptions().consent().decide(plan).isEmpty()) {
            throw new CancelledException(true);
          }
          return ALL;
        };
  }

  private Optional<ConflictPolicy> decision(ReceivePlan plan) {
    return node.receiveOptions().consent().decide(plan);
  }

  // --- The code

  @Test
  void theCodeIsAnArgumentAVariableOrALine() {
    assertThat(receive("--yes", "4821", "OTTER", "violet", "canoe")).isEqualTo(0);
    assertThat(node.receiveOptions().code()).isEqualTo(FakeNode.WORDS);

    var variable = new Terminal(home, node).withEnvironment(Map.of("WARREN_CODE", CODE));
    assertThat(variable.run("receive", "--yes")).isEqualTo(0);

    var line = new Terminal(home, node).typing(FakeNode.TICKET.toString());
    assertThat(line.run("receive", "--yes")).isEqualTo(0);
    assertThat(node.receiveOptions().code()).isEqualTo(FakeNode.TICKET);
  }

  @Test
  void aCodeThatIsNoneIsWrongUsageAndSaysWhere() {
    assertThat(receive("--yes", "4821-otter-vilot-canoe")).isEqualTo(2);
    assertThat(terminal.err()).contains("\"vilot\": did you mean \"violet\"");
    assertThat(node.started.get()).isEmpty();
  }

  @Test
  void withoutACodeNothingIsReceived() {
    assertThat(receive("--yes")).isEqualTo(2);
    assertThat(terminal.err()).contains("There is no code.", "WARREN_CODE");
  }

  // --- Options

  @Test
  void whatIsAskedForReachesTheNode() {
    int exit =
        receive(
            CODE,
            "--yes",
            "--only=*.pak",
            "--no-seed",
            "--limit-down=2MiB",
            "--timeout=5",
            "--peer=/ip4/192.168.1.7/tcp/4001",
            "-o",
            home.resolve("in").toString());
    assertThat(exit).isEqualTo(0);
    ReceiveOptions options = node.receiveOptions();
    assertThat(options.only()).containsExactly("*.pak");
    assertThat(options.seed()).isFalse();
    assertThat(options.limitDown()).hasValue(2 << 20);
    assertThat(options.timeout()).contains(Duration.ofSeconds(5));
    assertThat(options.peers()).containsExactly(FakeNode.ADDRESS);
    assertThat(options.target()).isEqualTo(new ReceiveOptions.Target.Directory(home.resolve("in")));

    assertThat(new Terminal(home, node).run("receive", CODE, "--yes", "--limit-up=1KiB")).isZero();
    assertThat(node.receiveOptions().limitUp()).hasValue(1024);
    assertThat(node.receiveOptions().seed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--yes --overwrite --skip | exclude each other",
        "--stdout --json | cannot both have standard output",
        "--stdout -o in | no effect",
        "--stdout --rename | no effect",
        "--list --yes | nothing is received",
        "--list --skip | nothing is received",
        "--yes --no-seed --limit-up 1MiB | nothing is sent",
        "--yes --limit-down 0 | more than nothing",
        "--yes --timeout 0 | more than nothing",
        "--yes -o FILE | is a file",
      })
  void whatMakesNoSenseIsSaid(String options, String sentence) throws Exception {
    Path file = Files.writeString(home.resolve("file"), "");
    assertThat(receive((CODE + " " + options.replace("FILE", file.toString())).split(" ")))
        .isEqualTo(2);
    assertThat(terminal.err()).contains(sentence);
    assertThat(node.started.get()).isEmpty();
  }

  // --- Consent

  @Test
  void whereNobodyCanBeAskedNothingIsReceivedUnlessToldSo() {
    assertThat(receive(CODE)).isEqualTo(2);
    assertThat(terminal.err()).contains("there is no terminal", "--yes", "--list");

    var program = new Terminal(home, node).withPerson();
    assertThat(program.run("receive", "--json", CODE)).isEqualTo(2);
    assertThat(program.objects().getFirst().get("next_step").getAsString()).contains("--yes");
    assertThat(node.started.get()).isEmpty();
  }

  @Test
  void aPersonSeesWhatComesAndAgrees() {
    offering(
        FakePlan.of("mods/map.pak", "mods/.hidden/setup.exe").withDescription("for eight\u001b"));
    terminal.withPerson("y");
    assertThat(receive(CODE)).isEqualTo(0);
    assertThat(terminal.err())
        .contains("mods, shared by " + FakeNode.OTHER, "\"for eight?\"")
        .contains("1.0 KiB  mods/map.pak\n")
        .contains("1.0 KiB  mods/.hidden/setup.exe  (program, hidden)")
        .contains("Look twice: 1 program, 1 hidden.")
        .contains("2 files, 2.0 KiB; 1.0 TiB of room")
        .contains("Receive it? [y/N] ");
    assertThat(terminal.out()).contains("Received mods?: 2 files, 2.0 KiB in 1.5 s");
  }

  @Test
  void aPersonMayDecline() {
    offering(FakePlan.of("mods/map.pak"));
    terminal.withPerson("n");
    assertThat(receive(CODE)).isEqualTo(130);
    assertThat(terminal.err()).contains("Nothing was received, as you wished.");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void programsDoNotHideBehindAThousandMaps() {
    offering(FakePlan.ofMany(1000).and("mods/z/run.bat", Fate.NEW));
    terminal.withPerson("y");
    assertThat(receive(CODE)).isEqualTo(0);
    assertThat(terminal.err())
        .contains("map0019.pak", "and 981 more", "mods/z/run.bat  (program)")
        .doesNotContain("map0020.pak");
  }

  @Test
  void whoHasAgreedIsNotToldAtLength() {
    offering(FakePlan.ofMany(3));
    assertThat(receive(CODE, "--yes")).isEqualTo(0);
    assertThat(terminal.err()).contains("3 files, 3.0 KiB").doesNotContain("map0001");
  }

  @ParameterizedTest
  @CsvSource({"o,OVERWRITE", "rename,RENAME", "S,SKIP"})
  void whatToDoAboutFilesThatDifferIsAsked(String answer, ConflictPolicy policy) {
    var plan = FakePlan.of("mods/a").and("mods/b", Fate.CONFLICT);
    List<Optional<ConflictPolicy>> decided = new ArrayList<>();
    node.receiving =
        () -> {
          decided.add(decision(plan));
          return ALL;
        };
    terminal.withPerson("what?", answer, "y");
    assertThat(receive(CODE)).isEqualTo(0);
    assertThat(decided).containsExactly(Optional.of(policy));
    assertThat(terminal.err()).contains("mods/b  (a different one is here)", "[o]verwrite");
  }

  @Test
  void filesThatDifferAreLeftAloneWhereNobodyCanBeAsked() {
    offering(FakePlan.of("mods/a").and("mods/b", Fate.CONFLICT));
    assertThat(receive(CODE, "--yes")).isEqualTo(2);
    assertThat(terminal.err())
        .contains("1 file would take the place of others", "--overwrite, --rename or --skip");
    assertThat(new Terminal(home, node).run("receive", CODE, "--yes", "--skip")).isEqualTo(0);
  }

  @Test
  void whatWasDecidedWhenItWasBegunIsNotAskedAgain() {
    var plan = FakePlan.of("mods/a").and("mods/b", Fate.CONFLICT);
    List<Optional<ConflictPolicy>> decided = new ArrayList<>();
    node.receiving =
        () -> {
          decided.add(decision(plan.begunWith(ConflictPolicy.OVERWRITE)));
          return ALL;
        };
    assertThat(receive(CODE, "--yes")).isEqualTo(0);
    assertThat(new Terminal(home, node).run("receive", CODE, "--yes", "--skip")).isEqualTo(0);
    assertThat(decided) // of which the second is for the node to refuse
        .containsExactly(Optional.of(ConflictPolicy.OVERWRITE), Optional.of(ConflictPolicy.SKIP));
  }

  @Test
  void whatWasBegunOtherwiseIsSaidWithTheOptionsThatGoOnWithIt() {
    node.receiving =
        () -> {
          throw new BegunOtherwiseException(List.of("*.pak", "a"), ConflictPolicy.OVERWRITE);
        };
    assertThat(receive(CODE, "--yes")).isEqualTo(2);
    assertThat(terminal.err())
        .contains("was begun with --only '*.pak' --only 'a' and --overwrite.", "folder with -o");
    node.receiving =
        () -> {
          throw new BegunOtherwiseException(List.of(), ConflictPolicy.SKIP);
        };
    var all = new Terminal(home, node);
    assertThat(all.run("receive", CODE, "--yes", "--only=a")).isEqualTo(2);
    assertThat(all.err()).contains("was begun without --only and with --skip.");
  }

  @Test
  void nobodyIsAskedAboutWhatDoesNotFit() {
    offering(FakePlan.of("mods/a").withFreeBytes(100));
    terminal.withPerson();
    assertThat(receive(CODE)).isEqualTo(0); // it is the node that refuses
    assertThat(terminal.err()).contains("100 B of room").doesNotContain("Receive it?");
  }

  @Test
  void aPatternThatMatchesNothingIsAMistake() {
    offering(new FakePlan(List.of(), "", 1L << 40).and("mods/a", Fate.EXCLUDED));
    assertThat(receive(CODE, "--yes", "--only", "*.nothing")).isEqualTo(1);
    assertThat(terminal.err()).contains("Nothing of it matches --only.");
  }

  @Test
  void theListIsForPeopleAndPrograms() {
    offering(FakePlan.of("mods/a", "mods/run.sh").and("mods/b", Fate.EXCLUDED));
    assertThat(receive(CODE, "--list")).isEqualTo(0);
    assertThat(terminal.out())
        .isEqualTo("   1.0 KiB  mods/a\n   1.0 KiB  mods/run.sh  (program)\n");

    var program = new Terminal(home, node);
    assertThat(program.run("receive", CODE, "--list", "--json")).isEqualTo(0);
    assertThat(program.objects())
        .extracting(object -> object.get("event").getAsString())
        .containsExactly("manifest", "entry", "entry");
    assertThat(program.objects().getLast().get("cautions").toString()).isEqualTo("[\"program\"]");
  }

  // --- How it goes

  @Test
  void programsHearAllOfIt() {
    node.receiving =
        () -> {
          var told = node.receiveOptions().listener();
          told.finding(WAYS);
          decision(FakePlan.of("mods/a").withDescription("for eight"));
          told.connected(FakeNode.OTHER, "direct, LAN");
          told.lost(FakeNode.OTHER, "it is gone", Duration.ofSeconds(2));
          return ALL;
        };
    assertThat(receive(CODE, "--yes", "--json")).isEqualTo(0);
    Map<String, JsonObject> events = new java.util.HashMap<>();
    terminal.objects().forEach(it -> events.put(it.get("event").getAsString(), it));
    assertThat(events.get("manifest").get("description").getAsString()).isEqualTo("for eight");
    assertThat(events.get("manifest").get("bytes").getAsLong()).isEqualTo(1024);
    assertThat(events.get("path").get("path").getAsString()).isEqualTo("direct, LAN");
    assertThat(events.get("lost").get("message").getAsString()).contains("trying again in 2 s");
    assertThat(events.get("finding").get("ways").getAsJsonArray().get(1).getAsString())
        .isEqualTo("ticket … 3 addresses");
    JsonObject done = terminal.objects().getLast();
    assertThat(done.get("event").getAsString()).isEqualTo("done");
    assertThat(done.get("bytes").getAsLong()).isEqualTo(2048);
    assertThat(done.get("seconds").getAsDouble()).isEqualTo(1.5);
    assertThat(done.get("files").getAsInt()).isEqualTo(2);
    assertThat(done.get("sources").getAsInt()).isEqualTo(1);
  }

  @Test
  void programsHearOfProgressEverySecond() throws Exception {
    var time = new ManualTime();
    terminal.withTime(time);
    node.progress = progress("mods/map.pak", FakeNode.OTHER);
    node.receiving = () -> node.untilClosed(ALL);
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> exit.complete(receive(CODE, "--yes", "--json")));
    node.awaited.await();
    for (int second = 0; second < 3; second++) {
      time.advance(Duration.ofSeconds(1));
      JsonObject progress = terminal.nextObject();
      assertThat(progress.get("event").getAsString()).isEqualTo("progress");
      assertThat(progress.get("sent_bytes").getAsLong()).isEqualTo(512);
    }
    terminal.interrupt();
    assertThat(exit.get()).isEqualTo(130);
    assertThat(terminal.err()).contains("Receiving the same again goes on from what is here.");
  }

  @Test
  void whoFindsNobodyForAWhileIsToldWhatMayBeWrong() throws Exception {
    var time = new ManualTime();
    terminal.withTime(time);
    node.receiving = () -> node.untilClosed(ALL);
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> exit.complete(receive(CODE, "--yes")));
    node.awaited.await();
    time.advance(Duration.ofSeconds(30));
    terminal.interrupt();
    assertThat(exit.get()).isEqualTo(130);
    assertThat(terminal.err()).containsOnlyOnce("Nobody is found yet.");
  }

  @Test
  void theWaysAreOneLine() {
    assertThat(ReceiveDisplay.text(WAYS))
        .isEqualTo("LAN … found · ticket … 3 addresses · peer … failed, no answer · DHT … off");
  }

  @Test
  void theMostImportantOfTheProgressComesFirst() {
    assertThat(ReceiveDisplay.text(progress("mods/\u001bmap.pak", FakeNode.OTHER), 1024))
        .isEqualTo(
            " 50% of 2.0 KiB · 1.0 KiB/s · 1 s left · ana (direct, LAN) · the sharer still reads"
                + " its files · 1/2 files · mods/?map.pak");
    assertThat(ReceiveDisplay.text(progress(""), 0))
        .isEqualTo(
            " 50% of 2.0 KiB · 0 B/s · waiting for somebody who has it · the sharer still reads its"
                + " files · 1/2 files");
  }

  private static ReceivingProgress progress(
      String file, dev.warren.libp2p.identity.PeerId... sources) {
    return new ReceivingProgress(
        State.RECEIVING,
        List.of(),
        "mods",
        2,
        2048,
        1,
        1024,
        1024,
        0,
        512,
        file,
        true,
        List.of(sources).stream()
            .map(peer -> new Source(peer, Optional.of("ana"), "direct, LAN", 1))
            .toList());
  }

  @Test
  void aTerminalShowsAStatusThatIsCutAtItsEdge() throws Exception {
    var time = new ManualTime();
    terminal.withPerson().withTime(time);
    node.progress = progress("mods/map.pak", FakeNode.OTHER);
    node.receiving = () -> node.untilClosed(ALL);
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> exit.complete(receive(CODE)));
    node.awaited.await();
    time.advance(Duration.ofMillis(200));
    node.receiveOptions().listener().waitingForApproval();
    terminal.interrupt();
    assertThat(exit.get()).isEqualTo(130);
    assertThat(terminal.err())
        .contains("\r\u001b[2K\u001b[?7l 50% of 2.0 KiB", "\u001b[?7h\r\u001b[2KWaiting for");
  }

  // --- How it ends

  @Test
  void whatBreaksOnTheWayIsSaidWithWhatIsWrongInTheNetwork() {
    cutOff();
    node.receiving =
        () -> {
          throw new IOException("the connection is gone");
        };
    assertThat(receive(CODE, "--yes")).isEqualTo(1);
    assertThat(terminal.err()).contains("Networks: DHT ipfs: nobody answers. Check that");

    var damaged = new Terminal(home, node);
    node.receiving =
        () -> {
          throw new CorruptShareException("it is not what was promised", new IOException("hash"));
        };
    assertThat(damaged.run("receive", CODE, "--yes")).isEqualTo(5);
    assertThat(damaged.err()).as("of which the network is innocent").doesNotContain("Networks:");
  }

  @Test
  void whoReceivesSlowlyIsToldWhatIsWrongInTheNetwork() throws Exception {
    cutOff();
    var time = new ManualTime();
    terminal.withTime(time);
    node.progress = slow();
    node.receiving = () -> node.untilClosed(ALL);
    var exit = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> exit.complete(receive(CODE, "--yes", "--json")));
    node.awaited.await();
    JsonObject told;
    do {
      time.advance(Duration.ofSeconds(1));
      told = terminal.nextObject();
    } while (!told.get("event").getAsString().equals("finding"));
    assertThat(told.get("topic").getAsString()).isEqualTo("networks");
    terminal.interrupt();
    assertThat(exit.get()).isEqualTo(130);
  }

  private void cutOff() {
    Connectivity plain = node.connectivity;
    node.connectivity =
        new Connectivity(
            plain.addresses(),
            plain.quic(),
            plain.connections(),
            plain.reachability(),
            plain.portMapping(),
            plain.relays(),
            List.of(new Connectivity.Place("DHT ipfs", true, 0, "", Optional.empty())));
  }

  private static ReceivingProgress slow() {
    return new ReceivingProgress(
        State.RECEIVING, List.of(), "mods", 2, 2048, 1, 1024, 1024, 0, 0, "", false, List.of());
  }

  @Test
  void whatCouldNotBeHadIsNamedAndFails() {
    node.receiving =
        () ->
            new Received(
                "mods", 99, 2048, 3, 2, List.of("mods/\u001ba", "b"), 2048, 0, Duration.ZERO, 1);
    assertThat(receive(CODE, "--yes")).isEqualTo(1);
    assertThat(terminal.out())
        .contains("Received mods: 99 files, 2.0 KiB in 0.0 s; 3 files left out for what is here.");
    assertThat(terminal.err())
        .contains("2 files could not be had", "mods/?a, b. Ask for them again.");

    var program = new Terminal(home, node);
    assertThat(program.run("receive", CODE, "--yes", "--json")).isEqualTo(1);
    JsonObject done = program.objects().getLast();
    assertThat(done.get("files").getAsInt()).isEqualTo(99);
    assertThat(done.get("skipped").getAsInt()).isEqualTo(3);
    assertThat(done.get("gone").getAsInt()).isEqualTo(2);
    assertThat(done.get("first_gone").getAsJsonArray()).hasSize(2);
  }

  @Test
  void ofManyThatCouldNotBeHadTheFirstAreNamed() {
    node.receiving =
        () -> new Received("mods", 1, 1, 0, 30, List.of("a", "b"), 1, 0, Duration.ZERO, 1);
    assertThat(receive(CODE, "--yes")).isEqualTo(1);
    assertThat(terminal.err()).contains("any more: a, b and 28 more. Ask");
  }

  @ParameterizedTest
  @EnumSource(NotAllowedException.Reason.class)
  void whoIsRefusedIsToldWhatToDo(NotAllowedException.Reason reason) {
    node.receiving =
        () -> {
          throw new NotAllowedException(reason, "no such luck", new IOException("refused"));
        };
    assertThat(receive(CODE, "--yes", "--json")).isEqualTo(4);
    JsonObject error = terminal.objects().getLast();
    assertThat(error.get("code").getAsInt()).isEqualTo(4);
    assertThat(error.get("message").getAsString()).isEqualTo("No such luck.");
    assertThat(error.get("next_step").getAsString()).endsWith(".");
  }

  @Test
  void whoIsNotFoundIsSaidToBeLookedForEverywhere() {
    node.receiving =
        () -> {
          throw new NotFoundException("nobody was found within 60 s", WAYS);
        };
    assertThat(receive(CODE, "--yes")).isEqualTo(3);
    assertThat(terminal.err())
        .contains("Nobody was found within 60 s. Looked on: LAN … found", "--peer");
  }

  @Test
  void damageIsFive() {
    node.receiving =
        () -> {
          throw new CorruptShareException("it is forged", new IOException());
        };
    assertThat(receive(CODE, "--yes")).isEqualTo(5);
    assertThat(terminal.err()).contains("It is forged.");
  }

  @Test
  void aFullDiskIsAReasonToMakeRoom() {
    node.receiving =
        () -> {
          throw new NoRoomException("the disk is full");
        };
    assertThat(receive(CODE, "--yes")).isEqualTo(1);
    assertThat(terminal.err()).contains("The disk is full.", "Make room");
  }
}
