package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.NodeRecords.AuditLine;
import dev.warren.node.NodeRecords.AuditQuery;
import dev.warren.node.NodeRecords.CacheSummary;
import dev.warren.node.NodeRecords.PeerRecord;
import dev.warren.node.NodeRecords.ShareRecord;
import dev.warren.node.NodeRecords.ShareState;
import dev.warren.node.NodeRecords.TransferRecord;
import dev.warren.node.NodeRecords.TransferState;
import dev.warren.node.NodeRecords.Verification;
import dev.warren.sharecodes.ShareId;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that show and change what a node remembers. */
@Timeout(60)
class RecordsCommandsTest {
  private static final PeerId KIM =
      PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
  private static final PeerId LEE =
      PeerId.parse("12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp");
  private static final Instant BEFORE = Terminal.NOW.minus(Duration.ofHours(3));

  @TempDir private Path home;
  private final FakeRecords records = new FakeRecords();
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(home, records);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shares", "transfers", "audit", "peers"})
  void whereThereIsNothingToListTheNextStepIsTold(String command) {
    assertThat(terminal.run(command)).isEqualTo(0);
    assertThat(terminal.out()).isEmpty();
    assertThat(terminal.err()).endsWith(".\n").contains("'warren ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shares", "transfers", "audit", "peers", "cache"})
  void theRecordsAreThoseOfTheDataDirectory(String command) {
    Path other = home.resolve("other");
    assertThat(terminal.run(command, "--data-dir", other.toString())).isEqualTo(0);
    assertThat(records.config.orElseThrow().dataDirectory()).isEqualTo(other);
  }

  // --- shares

  @Test
  void sharesAreListedWithTheirStateAndTimes() {
    records.shares.add(share("mods", ShareState.SERVING, Optional.of(Duration.ofMinutes(90))));
    records.shares.add(share("maps", ShareState.SERVING, Optional.empty()));
    records.shares.add(share("past", ShareState.CUT_OFF, Optional.of(Duration.ofMinutes(-1))));
    records.shares.add(share("done", ShareState.ENDED, Optional.of(Duration.ofMinutes(90))));
    assertThat(terminal.run("shares")).isEqualTo(0);
    assertThat(terminal.out())
        .isEqualTo(
            """
            NAME  STATE    FILES     SIZE  SINCE  EXPIRES    ID        PATHS
            mods  serving     43  3.0 MiB    3 h  in 90 min  ABCD2345  /home/kim/mods
            maps  serving     43  3.0 MiB    3 h  never      ABCD2345  /home/kim/maps
            past  cut off     43  3.0 MiB    3 h  expired    ABCD2345  /home/kim/past
            done  ended       43  3.0 MiB    3 h             ABCD2345  /home/kim/done
            """);
  }

  @Test
  void sharesAreOneObjectALineForPrograms() {
    records.shares.add(share("mods", ShareState.CUT_OFF, Optional.of(Duration.ofHours(2))));
    assertThat(terminal.run("shares", "--json")).isEqualTo(0);
    JsonObject share = terminal.objects().getFirst();
    assertThat(share)
        .hasToString(
            "{\"event\":\"share\",\"id\":\"ABCD2345\",\"name\":\"mods\",\"description\":\"for us\","
                + "\"state\":\"cut_off\",\"files\":43,\"bytes\":3145728,"
                + "\"begun\":\"2026-03-04T02:06:07Z\",\"expires\":\"2026-03-04T07:06:07Z\","
                + "\"paths\":[\"/home/kim/mods\"]}");
    assertThat(terminal.objects()).hasSize(1);
  }

  @Test
  void ofManySharesTheNewestAreShown() {
    for (int i = 0; i < 25; i++) {
      records.shares.add(share("mods" + i, ShareState.ENDED, Optional.empty()));
    }
    assertThat(terminal.run("shares")).isEqualTo(0);
    assertThat(terminal.out()).contains("mods19").doesNotContain("mods20");
    assertThat(terminal.err()).contains("5 older ones").contains("-n");
    var more = new Terminal(home, records);
    assertThat(more.run("shares", "-n", "100", "--json")).isEqualTo(0);
    assertThat(more.objects()).hasSize(25);
    assertThat(more.err()).isEmpty();
  }

  @Test
  void whatOthersHaveNamedDoesNotSteerTheTerminal() {
    records.transfers.add(transfer("a\u001b[2Jb\n\u202ec", TransferState.DONE, 100));
    assertThat(terminal.run("transfers")).isEqualTo(0);
    assertThat(terminal.out()).contains("a?[2Jb??c").hasLineCount(2);
    var program = new Terminal(home, records);
    assertThat(program.run("transfers", "--json")).isEqualTo(0);
    assertThat(program.objects().getFirst().get("name").getAsString())
        .isEqualTo("a\u001b[2Jb\n\u202ec");
  }

  // --- transfers

  @Test
  void transfersSayFromWhomAndHowFar() {
    records.transfers.add(transfer("mods", TransferState.RECEIVING, 45));
    records.transfers.add(transfer("maps", TransferState.CUT_OFF, 99));
    records.transfers.add(transfer("", TransferState.CUT_OFF, 0));
    records.transfers.add(transfer("old", TransferState.DONE, 100));
    assertThat(terminal.run("transfers")).isEqualTo(0);
    assertThat(terminal.out())
        .isEqualTo(
            """
            NAME  FROM       STATE           FILES   SIZE  SINCE  INTO
            mods  …eQAJU5SA  receiving, 45%      7  100 B    3 h  /home/lee/mods
            maps  …eQAJU5SA  cut off at 99%      7  100 B    3 h  /home/lee/mods
            ?     …eQAJU5SA  cut off at 0%       7  100 B    3 h  /home/lee/mods
            old   …eQAJU5SA  done                7  100 B    3 h  /home/lee/mods
            """);
  }

  @Test
  void aPeerWithAPetnameIsShownByIt() {
    records.name(KIM, "kim");
    records.transfers.add(transfer("mods", TransferState.DONE, 100));
    assertThat(terminal.run("transfers")).isEqualTo(0);
    assertThat(terminal.out()).contains("mods  kim ");
    var program = new Terminal(home, records);
    assertThat(program.run("transfers", "--json")).isEqualTo(0);
    JsonObject transfer = program.objects().getFirst();
    assertThat(transfer.get("peer").getAsString()).isEqualTo(KIM.toString());
    assertThat(transfer.get("petname").getAsString()).isEqualTo("kim");
    assertThat(transfer.get("received_bytes").getAsInt()).isEqualTo(100);
  }

  // --- audit

  @Test
  void theAuditLogReadsDownwardsWithNames() {
    records.name(KIM, "kim");
    records.shares.add(share("mods", ShareState.SERVING, Optional.empty()));
    records.audit.add(line(2, "completed", Optional.of(KIM), 3 << 20, ""));
    records.audit.add(line(1, "refused", Optional.of(LEE), 0, "the sharer has blocked you"));
    records.audit.add(line(0, "shared", Optional.empty(), 0, "mods"));
    assertThat(terminal.run("audit")).isEqualTo(0);
    List<String> lines = terminal.out().lines().toList();
    assertThat(lines.get(1)).contains("shared").endsWith("mods");
    assertThat(lines.get(2)).contains("refused", "…vnc6iDEp", "the sharer has blocked you");
    assertThat(lines.get(3)).contains("completed", "kim", "mods", "3.0 MiB");
    assertThat(records.asked).contains(AuditQuery.ALL);

    var program = new Terminal(home, records);
    assertThat(program.run("audit", "--json", "-n", "1")).isEqualTo(0);
    assertThat(program.objects().getFirst())
        .hasToString(
            "{\"event\":\"audit\",\"at\":\"2026-03-04T05:06:09Z\",\"what\":\"completed\","
                + "\"peer\":\"%s\",\"share\":\"ABCD2345\",\"bytes\":3145728,\"files\":0,"
                    .formatted(KIM)
                + "\"detail\":\"\"}");
  }

  @Test
  void theAuditLogIsSearchedByShareAndPeer() {
    records.name(KIM, "kim");
    assertThat(terminal.run("audit", "--share", "mods", "--peer", "kim")).isEqualTo(0);
    assertThat(records.asked).contains(new AuditQuery(Optional.of("mods"), Optional.of(KIM)));
    assertThat(terminal.err()).contains("about that");
  }

  // --- cache

  @Test
  void theCacheIsSummedUp() {
    records.cache = new CacheSummary(3, 12 << 20, 4 << 20, 1L << 31);
    assertThat(terminal.run("cache")).isEqualTo(0);
    assertThat(terminal.out())
        .isEqualTo(
            """
            The cache holds 12.0 MiB in 3 files; it may hold 2.0 GiB.
            Of that, shares need 4.0 MiB.
            """);
    var program = new Terminal(home, records);
    assertThat(program.run("cache", "--json")).isEqualTo(0);
    assertThat(program.objects().getFirst())
        .hasToString(
            "{\"event\":\"cache\",\"files\":3,\"bytes\":12582912,\"pinned_bytes\":4194304,"
                + "\"limit_bytes\":2147483648}");
  }

  @Test
  void theCacheIsNotClearedUnlessSomebodyAgrees() {
    records.cache = new CacheSummary(3, 12 << 20, 0, 1L << 31);
    assertThat(terminal.run("cache", "clear")).isEqualTo(2);
    assertThat(terminal.err()).contains("12.0 MiB", "--yes");
    assertThat(records.cache.files()).isEqualTo(3);
  }

  @Test
  void theCacheIsClearedWithYes() {
    records.cache = new CacheSummary(3, 12 << 20, 0, 1L << 31);
    Path other = home.resolve("other");
    assertThat(terminal.run("cache", "--data-dir", other.toString(), "clear", "--yes", "--json"))
        .isEqualTo(0);
    assertThat(terminal.objects().getFirst())
        .hasToString("{\"event\":\"cleared\",\"files\":3,\"bytes\":12582912}");
    assertThat(records.config.orElseThrow().dataDirectory()).isEqualTo(other);
  }

  @Test
  void anEmptyCacheNeedsNoConsent() {
    assertThat(terminal.run("cache", "clear")).isEqualTo(0);
    assertThat(terminal.out()).contains("nothing to remove");
  }

  // --- verify

  @Test
  void whatIsIntactEndsWithZero() {
    records.verification =
        listener -> {
          listener.begun(3, 100);
          listener.hashed(100);
          listener.extra("mods/mine.txt");
          return Optional.of(new Verification(3, 0, 0, 1));
        };
    assertThat(terminal.run("verify", home.toString())).isEqualTo(0);
    assertThat(terminal.out())
        .isEqualTo(
            "extra    mods/mine.txt\nIntact: 3 as they came, 0 changed, 0 missing, 1 extra.\n");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void whatIsChangedOrMissingEndsWithFive() {
    records.verification =
        listener -> {
          listener.begun(3, 100);
          listener.changed("mods/a\u001b[2J");
          listener.missing("mods/b");
          return Optional.of(new Verification(1, 1, 1, 0));
        };
    assertThat(terminal.run("verify", home.toString())).isEqualTo(5);
    assertThat(terminal.out())
        .isEqualTo(
            """
            changed  mods/a?[2J
            missing  mods/b
            Damaged: 1 as they came, 1 changed, 1 missing, 0 extra.
            """);
    assertThat(terminal.err()).contains("--overwrite");

    var program = new Terminal(home, records);
    assertThat(program.run("verify", "--json", home.toString())).isEqualTo(5);
    assertThat(program.objects().getFirst())
        .hasToString("{\"event\":\"changed\",\"path\":\"mods/a\\u001b[2J\"}");
    assertThat(program.objects().getLast())
        .hasToString(
            "{\"event\":\"verified\",\"directory\":\"%s\",\"intact\":false,\"verified\":1,"
                    .formatted(home)
                + "\"changed\":1,\"missing\":1,\"extra\":0}");
  }

  @Test
  void ofWhereNothingWasReceivedThatIsSaid() {
    records.transfers.add(transfer("mods", TransferState.CUT_OFF, 10));
    assertThat(terminal.run("verify", "--json", home.toString())).isEqualTo(3);
    JsonObject error = terminal.objects().getFirst();
    assertThat(error.get("event").getAsString()).isEqualTo("error");
    assertThat(error.get("message").getAsString()).contains("Nothing is known", home.toString());
    assertThat(terminal.err()).contains("warren transfers");
  }

  @Test
  void whatIsNotAllHereYetIsNotVerified() {
    records.transfers.add(transfer("mods", TransferState.CUT_OFF, 10));
    assertThat(terminal.run("verify", "/home/lee/mods")).isEqualTo(3);
    assertThat(terminal.err()).contains("not all here yet", "goes on");
  }

  @Test
  void ctrlCEndsAVerification() throws Exception {
    var begun = new CountDownLatch(1);
    records.verification =
        _ -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
            throw new AssertionError("nobody lets it go on");
          } catch (InterruptedException e) {
            throw new InterruptedIOException();
          }
        };
    var ended = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(() -> ended.complete(terminal.run("verify", "--json", home.toString())));
    begun.await();
    terminal.interrupt();
    assertThat(ended.join()).isEqualTo(130);
    assertThat(terminal.nextObject().get("event").getAsString()).isEqualTo("stopped");
  }

  // --- peers

  @Test
  void peersAreListedWithNamesAndBlocks() {
    records.see(KIM, BEFORE);
    records.name(KIM, "kim");
    records.block(LEE);
    assertThat(terminal.run("peers")).isEqualTo(0);
    assertThat(terminal.out())
        .isEqualTo(
            """
            NAME  PEER                                                   SEEN
            kim   %s    3 h
                  %s  never  blocked
            """
                .formatted(KIM, LEE));
    var program = new Terminal(home, records);
    assertThat(program.run("peers", "--json")).isEqualTo(0);
    assertThat(program.objects().getFirst())
        .hasToString(
            "{\"event\":\"peer\",\"peer\":\"%s\",\"petname\":\"kim\",\"blocked\":false,"
                    .formatted(KIM)
                + "\"seen\":\"2026-03-04T02:06:07Z\"}");
    assertThat(program.objects().getLast())
        .hasToString("{\"event\":\"peer\",\"peer\":\"%s\",\"blocked\":true}".formatted(LEE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kim", "qaju5sa", "…eQAJU5SA", "12D3…aju5sa", "U5SA"})
  void aPeerIsNamedByItsPetnameOrTheEndOfItsId(String peer) {
    records.name(KIM, "kim");
    records.see(LEE, BEFORE);
    assertThat(terminal.run("peers", "block", peer)).isEqualTo(0);
    assertThat(records.peers.get(KIM).blocked()).isTrue();
    assertThat(terminal.out()).isEqualTo("kim (" + KIM + ") is blocked.\n");
    assertThat(terminal.run("peers", "unblock", "kim")).isEqualTo(0);
    assertThat(records.peers.get(KIM).blocked()).isFalse();
  }

  @Test
  void aPeerThatIsNotKnownYetIsBlockedByItsId() {
    assertThat(terminal.run("peers", "block", "--json", KIM.toString())).isEqualTo(0);
    assertThat(records.peers.get(KIM).blocked()).isTrue();
    assertThat(terminal.objects().getFirst())
        .hasToString("{\"event\":\"blocked\",\"peer\":\"%s\"}".formatted(KIM));
  }

  @Test
  void anUnknownPetnameIsAnsweredWithTheNearestOne() {
    records.name(KIM, "kimberly");
    assertThat(terminal.run("peers", "block", "kimbrely")).isEqualTo(3);
    assertThat(terminal.err()).contains("No peer is known as 'kimbrely'", "'kimberly'");
    assertThat(records.peers.get(KIM).blocked()).isFalse();
  }

  @Test
  void anEndThatSeveralIdsHaveOrIsTooShortIsNoName() {
    records.see(PeerId.parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"), BEFORE);
    records.see(PeerId.parse("QmYyQSo1c1Ym7orWxLYvCrM3EmxFTANf8wXmmE7DWjhx5N"), BEFORE);
    assertThat(terminal.run("peers", "block", "jhx5N")).isEqualTo(2);
    assertThat(terminal.err()).contains("2 peers end in 'jhx5n'");
    assertThat(terminal.run("peers", "block", "5N")).isEqualTo(3);
    assertThat(records.peers()).noneMatch(PeerRecord::blocked);
  }

  @Test
  void aPetnameIsGivenAndTakenBack() {
    records.name(LEE, "kim");
    assertThat(terminal.run("peers", "name", KIM.toString(), " kim ")).isEqualTo(0);
    assertThat(terminal.out()).isEqualTo("'kim' is %s, and %s no more.\n".formatted(KIM, LEE));
    assertThat(records.peers.get(KIM).petname()).contains("kim");
    records.unname(LEE);
    assertThat(terminal.run("peers", "unname", "kim")).isEqualTo(0);
    assertThat(records.peers.get(KIM).petname()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a\u001bb",
        "a\u202eb",
        "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp",
        "0123456789012345678901234567890123456789012345678901234567890123456789"
      })
  void whatIsNoPetnameIsWrongUsage(String petname) {
    assertThat(terminal.run("peers", "name", KIM.toString(), petname)).isEqualTo(2);
    assertThat(records.peers).isEmpty();
    assertThat(terminal.err()).contains("petname").contains("warren peers name --help");
  }

  private static ShareRecord share(String name, ShareState state, Optional<Duration> expiresIn) {
    return new ShareRecord(
        new ShareId("ABCD2345"),
        name,
        "for us",
        List.of(Path.of("/home/kim", name)),
        state,
        BEFORE,
        expiresIn.map(Terminal.NOW::plus),
        43,
        3 << 20);
  }

  private static TransferRecord transfer(String name, TransferState state, long received) {
    return new TransferRecord(
        new ShareId("ABCD2345"),
        name,
        KIM,
        Path.of("/home/lee/mods"),
        state,
        BEFORE,
        7,
        100,
        received);
  }

  private static AuditLine line(
      int second, String event, Optional<PeerId> peer, long bytes, String detail) {
    return new AuditLine(
        Terminal.NOW.plusSeconds(second),
        event,
        peer,
        Optional.of(new ShareId("ABCD2345")),
        bytes,
        0,
        detail);
  }
}
