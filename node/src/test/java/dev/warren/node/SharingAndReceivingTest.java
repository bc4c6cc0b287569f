package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.store.FileStamp;
import dev.warren.sharecodes.WordCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class SharingAndReceivingTest {
  @TempDir private Path directory;

  private final MemoryRendezvous place = new MemoryRendezvous();
  private final List<Node> nodes = new ArrayList<>();
  private Path mods;

  @BeforeEach
  void makeFiles() throws IOException {
    mods = directory.resolve("mods");
    Random random = new Random(1);
    byte[] large = new byte[3 << 20];
    random.nextBytes(large);
    Files.createDirectories(mods.resolve("maps/empty"));
    Files.write(mods.resolve("maps/large.bin"), large);
    Files.writeString(mods.resolve("readme.txt"), "read me");
    Files.writeString(mods.resolve("maps/nothing.txt"), "");
    for (int i = 0; i < 40; i++) {
      Files.writeString(mods.resolve("maps/small-" + i + ".txt"), "small " + i);
    }
  }

  @AfterEach
  void close() {
    nodes.reversed().forEach(Node::close);
  }

  @Test
  void aFolderGetsAcrossByWords() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods));
    assertThat(sharing.codes().words()).isPresent();

    Received received = receive(node("b"), sharing.codes().shortest(), "got").await();

    assertThat(contentOf(directory.resolve("got/mods"))).isEqualTo(contentOf(mods));
    assertThat(received.name()).isEqualTo("mods");
    assertThat(received.files()).isEqualTo(43);
    assertThat(received.sources()).isEqualTo(1);
  }

  @Test
  void aFolderGetsAcrossByTicket() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).words(false));
    assertThat(sharing.codes().words()).isEmpty();
    receive(node("b"), sharing.codes().ticket().toBase64(), "got").await();
    assertThat(contentOf(directory.resolve("got/mods"))).isEqualTo(contentOf(mods));
  }

  @Test
  void aFolderGetsAcrossByACodeOfTheOldestForm() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).legacy(true));
    receive(node("b"), sharing.codes().legacy().orElseThrow().toString(), "got").await();
    assertThat(contentOf(directory.resolve("got/mods"))).isEqualTo(contentOf(mods));
  }

  @Test
  void theSharerSeesWhoHasReceived() throws Exception {
    var finished = new CountDownLatch(1);
    Node a = node("a");
    Node b = node("b");
    Sharing sharing =
        a.share(
            ShareOptions.of(mods)
                .listener(
                    new SharingListener() {
                      @Override
                      public void finished(Receiver receiver) {
                        finished.countDown();
                      }
                    }));
    a.records().name(b.peerId(), "bob");
    receive(b, sharing.codes().shortest(), "got").await();
    finished.await();
    Receiver receiver = sharing.receivers().getFirst();
    assertThat(receiver.petname()).contains("bob");
    assertThat(receiver.path()).isEqualTo("direct, this computer");
    assertThat(receiver.finished()).isTrue();
    assertThat(receiver.sentBytes()).isGreaterThanOrEqualTo(3 << 20);
    assertThat(sharing.progress().hashed()).isTrue();
  }

  @Test
  void whoIsAskedSeesWhatTheSharerHasToSay() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).description("for eight\u001b[2J"));
    var said = new AtomicReference<>("");
    node("b")
        .receive(
            ReceiveOptions.of(sharing.codes().shortest())
                .into(directory.resolve("got"))
                .consent(
                    plan -> {
                      said.set(plan.description());
                      return Optional.of(ConflictPolicy.RENAME);
                    }))
        .await();
    assertThat(said.get()).isEqualTo("for eight?[2J");
  }

  @Test
  void aShareForOneEndsWhenOneHasIt() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).receivers(1));
    var lost = new AtomicBoolean();
    Receiving receiving =
        node("b")
            .receive(
                ReceiveOptions.of(sharing.codes().shortest())
                    .into(directory.resolve("got"))
                    .listener(
                        new ReceivingListener() {
                          @Override
                          public void lost(PeerId source, String reason, Duration retryAfter) {
                            lost.set(true);
                          }
                        }));
    receiving.await();
    assertThat(sharing.await()).isEqualTo(Sharing.End.RECEIVED);
    receiving.close();
    assertThat(lost).isFalse(); // who has all of it misses nobody
  }

  @Test
  void aShareEndsWhenItsTimeIsOver() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).expires(Duration.ofMillis(10)));
    assertThat(sharing.await()).isEqualTo(Sharing.End.EXPIRED);
  }

  @Test
  void whoIsNotApprovedGetsNothing() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).approval((_, _) -> false));
    Receiving receiving = receive(node("b"), sharing.codes().shortest(), "got");
    assertThatThrownBy(receiving::await)
        .isInstanceOfSatisfying(
            NotAllowedException.class,
            e -> assertThat(e.reason()).isEqualTo(NotAllowedException.Reason.NOT_APPROVED));
    assertThat(directory.resolve("got")).doesNotExist();
  }

  @Test
  void whoIsBlockedGetsNothing() throws Exception {
    Node a = node("a");
    Node b = node("b");
    a.records().block(b.peerId());
    Sharing sharing = a.share(ShareOptions.of(mods));
    assertThatThrownBy(receive(b, sharing.codes().shortest(), "got")::await)
        .isInstanceOfSatisfying(
            NotAllowedException.class,
            e -> assertThat(e.reason()).isEqualTo(NotAllowedException.Reason.BLOCKED));
  }

  @Test
  void wrongWordsAreRefusedAndNoticed() throws Exception {
    var noticed = new CountDownLatch(1);
    Sharing sharing =
        node("a")
            .share(
                ShareOptions.of(mods)
                    .listener(
                        new SharingListener() {
                          @Override
                          public void wrongWords(int triesLeft) {
                            noticed.countDown();
                          }
                        }));
    assertThatThrownBy(receive(node("b"), wrong(sharing), "got")::await)
        .isInstanceOfSatisfying(
            NotAllowedException.class,
            e -> assertThat(e.reason()).isEqualTo(NotAllowedException.Reason.WRONG_WORDS));
    noticed.await();
  }

  @Test
  void nothingIsCreatedWithoutConsent() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods));
    var seen = new AtomicReference<ReceivePlan.Totals>();
    Receiving receiving =
        node("b")
            .receive(
                ReceiveOptions.of(sharing.codes().shortest())
                    .into(directory.resolve("got"))
                    .consent(
                        plan -> {
                          seen.set(plan.totals());
                          return Optional.empty();
                        }));
    assertThatThrownBy(receiving::await)
        .isInstanceOfSatisfying(CancelledException.class, e -> assertThat(e.declined()).isTrue());
    assertThat(seen.get().files()).isEqualTo(43);
    assertThat(seen.get().newFiles()).isEqualTo(43);
    assertThat(directory.resolve("got")).doesNotExist();
  }

  @Test
  void onlyWhatIsWantedIsReceived() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods));
    node("b")
        .receive(
            ReceiveOptions.of(sharing.codes().shortest())
                .into(directory.resolve("got"))
                .only(List.of("small-1*.txt")))
        .await();
    assertThat(contentOf(directory.resolve("got/mods")))
        .hasSize(13)
        .containsKey("maps/small-1.txt");
  }

  @Test
  void whatIsReceivedTwiceIsThereOnce() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods));
    Node b = node("b");
    String code = sharing.codes().shortest();
    receive(b, code, "got").await();
    Received again = receive(b, code, "got").await();
    assertThat(again.receivedBytes()).isZero();
    assertThat(contentOf(directory.resolve("got/mods"))).isEqualTo(contentOf(mods));
  }

  @Test
  void ofALaterVersionOnlyWhatChangedIsReceivedAlsoIntoAnotherDirectory() throws Exception {
    Node a = node("a");
    Node b = node("b");
    try (Receiving first = receive(b, a.share(ShareOptions.of(mods)).codes().shortest(), "one")) {
      first.await();
    }
    Path large = mods.resolve("maps/large.bin");
    byte[] changed = Files.readAllBytes(large);
    changed[1_000_000]++;
    Files.write(large, changed);
    Sharing later = a.share(ShareOptions.of(mods));
    Received second = receive(b, later.codes().shortest(), "two").await();
    assertThat(contentOf(directory.resolve("two/mods"))).isEqualTo(contentOf(mods));
    assertThat(second.receivedBytes()).isBetween(1L, 2L << 20);
    assertThat(second.reusedBytes() + second.receivedBytes()).isEqualTo(second.bytes());
  }

  @Test
  void whatWasReceivedIsSharedWithoutBeingReadAgain() throws Exception {
    WarrenNode b = node("b");
    try (Receiving receiving =
        receive(b, node("a").share(ShareOptions.of(mods)).codes().shortest(), "got")) {
      receiving.await();
    }
    try (var files = Files.walk(directory.resolve("got"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(b.database().hashes().find(file).orElseThrow().stamp())
            .isEqualTo(FileStamp.of(file));
      }
    }
  }

  @Test
  void aTextGoesIntoAStream() throws Exception {
    byte[] text = "a text".getBytes(StandardCharsets.UTF_8);
    Sharing sharing =
        node("a").share(ShareOptions.ofContent("text.txt", new ByteArrayInputStream(text)));
    var out = new ByteArrayOutputStream();
    WarrenNode b = node("b");
    b.receive(ReceiveOptions.of(sharing.codes().shortest()).into(out)).await();
    assertThat(out.toByteArray()).isEqualTo(text);
    assertThat(b.directory().cache()).isEmptyDirectory();
    assertThat(b.records().cache().bytes()).isZero();
  }

  @Test
  void whatDoesNotFitIntoTheCacheIsNotReceivedIntoAStream() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods.resolve("maps/large.bin")));
    Node b = node("b", 1 << 20);
    Receiving receiving =
        b.receive(
            ReceiveOptions.of(sharing.codes().shortest()).into(OutputStream.nullOutputStream()));
    assertThatThrownBy(receiving::await)
        .isInstanceOf(NoRoomException.class)
        .hasMessageContaining("3 MiB do not fit into the cache, which holds 1");
    assertThat(b.records().cache().bytes()).isZero();
  }

  @Test
  void whatIsReceivedIsNamedWhileItIs() throws Exception {
    String code =
        node("a").share(ShareOptions.of(mods.resolve("maps/large.bin"))).codes().shortest();
    Receiving receiving = receiveSlowly(node("b"), code, new ReceivingListener() {});
    awaitContent(receiving);
    assertThat(receiving.progress().currentFile()).isEqualTo("large.bin");
    receiving.await();
    assertThat(receiving.progress().currentFile()).isEmpty();
  }

  @Test
  void whoHasReceivedGivesToOthersWhenTheSharerHasLeft() throws Exception {
    Node a = node("a");
    Node b = node("b");
    Node c = node("c");
    Sharing sharing = a.share(ShareOptions.of(mods));
    String code = sharing.codes().shortest();
    Receiving first = receive(b, code, "first");
    first.await();

    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    var seeds = new CountDownLatch(2);
    Receiving second =
        c.receive(
            ReceiveOptions.of(code)
                .into(directory.resolve("second"))
                .listener(
                    new ReceivingListener() {
                      @Override
                      public void connected(PeerId source, String path) {
                        seeds.countDown();
                      }
                    })
                .consent(
                    plan -> {
                      asked.countDown();
                      try {
                        answer.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      return Optional.of(ConflictPolicy.RENAME);
                    }));
    asked.await();
    seeds.await();
    sharing.close();
    a.close();
    answer.countDown();
    second.await();
    assertThat(contentOf(directory.resolve("second/mods"))).isEqualTo(contentOf(mods));
    assertThat(first.progress().sentBytes()).isGreaterThanOrEqualTo(3 << 20);
    second.close();
    NodeRecords.AuditLine left = awaitLine(b, "left");
    assertThat(left.peer()).contains(c.peerId());
    assertThat(left.bytes()).isEqualTo(first.progress().sentBytes());
    assertThat(awaitLine(b, "admitted").peer()).contains(c.peerId());
  }

  private static NodeRecords.AuditLine awaitLine(Node node, String event) throws IOException {
    while (true) {
      for (NodeRecords.AuditLine line : node.records().audit(NodeRecords.AuditQuery.ALL, 10)) {
        if (line.event().equals(event)) {
          return line;
        }
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void whatWasCutOffGoesOnFromOthersWhenTheSharerHasLeft() throws Exception {
    WarrenNode a = node("a");
    WarrenNode b = node("b");
    WarrenNode c = node("c");
    Sharing sharing = a.share(ShareOptions.of(mods));
    String code = sharing.codes().shortest();
    receive(b, code, "first").await();

    var both = new CountDownLatch(2);
    Receiving cutOff =
        receiveSlowly(
            c,
            code,
            new ReceivingListener() {
              @Override
              public void connected(PeerId source, String path) {
                both.countDown();
              }
            });
    both.await();
    awaitContent(cutOff);
    c.close();
    sharing.close();
    a.close();

    Received received = receive(node("c"), code, "slow").await();
    assertThat(contentOf(directory.resolve("slow/mods"))).isEqualTo(contentOf(mods));
    assertThat(received.receivedBytes()).isLessThan(received.bytes());
  }

  @Test
  void aConnectionThatIsCutIsMadeAnewAndSaidSo() throws Exception {
    WarrenNode a = node("a");
    WarrenNode b = node("b");
    String code = a.share(ShareOptions.of(mods)).codes().shortest();
    var told = new LinkedBlockingQueue<String>();
    Receiving receiving = receiveSlowly(b, code, teller(told));
    assertThat(told.take()).isEqualTo("connected");
    for (WarrenNode cutAt : List.of(a, b)) {
      awaitContent(receiving);
      cutAt.host().connections(cutAt == a ? b.peerId() : a.peerId()).forEach(Connection::close);
      assertThat(told.take()).isEqualTo("lost");
      assertThat(told.take()).isEqualTo("connected");
    }
    receiving.await();
    assertThat(contentOf(directory.resolve("slow/mods"))).isEqualTo(contentOf(mods));
  }

  @Test
  void aSharerThatWasStartedAgainIsFoundAtItsNewAddress() throws Exception {
    WarrenNode a = node("a");
    WarrenNode b = node("b");
    String code = a.share(ShareOptions.of(mods)).codes().shortest();
    Receiving receiving = receiveSlowly(b, code, new ReceivingListener() {});
    awaitContent(receiving);
    a.close();
    assertThat(node("a").share(ShareOptions.of(mods)).continued()).isTrue();
    receiving.await();
    assertThat(contentOf(directory.resolve("slow/mods"))).isEqualTo(contentOf(mods));
  }

  private static ReceivingListener teller(Queue<String> told) {
    return new ReceivingListener() {
      @Override
      public void connected(PeerId source, String path) {
        told.add("connected");
      }

      @Override
      public void lost(PeerId source, String reason, Duration retryAfter) {
        told.add("lost");
      }
    };
  }

  private Receiving receiveSlowly(Node node, String code, ReceivingListener listener)
      throws Exception {
    return node.receive(
        ReceiveOptions.of(code)
            .into(directory.resolve("slow"))
            .limitDown(1 << 20)
            .listener(listener));
  }

  /** Waits until some more of the content has come. */
  private static void awaitContent(Receiving receiving) {
    long before = receiving.progress().receivedBytes();
    while (receiving.progress().receivedBytes() <= before) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aShareThatWasCutOffGoesOnWithItsCode() throws Exception {
    Node a = node("a");
    var hashed = new CountDownLatch(1);
    Sharing cutOff =
        a.share(
            ShareOptions.of(mods)
                .listener(
                    new SharingListener() {
                      @Override
                      public void hashed() {
                        hashed.countDown();
                      }
                    }));
    String words = cutOff.codes().shortest();
    hashed.await();
    a.close();
    Sharing again = node("a").share(ShareOptions.of(mods));
    assertThat(again.continued()).isTrue();
    assertThat(again.codes().shortest()).isEqualTo(words);
    receive(node("b"), words, "got").await();
    assertThat(contentOf(directory.resolve("got/mods"))).isEqualTo(contentOf(mods));
  }

  @Test
  void wrongWordsAreCountedOverTheLivesOfAShare() throws Exception {
    for (int triesLeft = 4; triesLeft >= 3; triesLeft--) {
      Node a = node("a");
      var told = new CompletableFuture<Integer>();
      var hashed = new CountDownLatch(1);
      Sharing sharing =
          a.share(
              ShareOptions.of(mods)
                  .listener(
                      new SharingListener() {
                        @Override
                        public void wrongWords(int left) {
                          told.complete(left);
                        }

                        @Override
                        public void hashed() {
                          hashed.countDown();
                        }
                      }));
      hashed.await();
      Receiving receiving = receive(node("b" + triesLeft), wrong(sharing), "got");
      assertThatThrownBy(receiving::await).isInstanceOf(NotAllowedException.class);
      assertThat(told.get()).isEqualTo(triesLeft);
      assertThat(a.records().audit(NodeRecords.AuditQuery.ALL, 1).getFirst().detail())
          .isEqualTo("wrong words");
      a.close();
    }
  }

  private static String wrong(Sharing sharing) {
    WordCode right = sharing.codes().words().orElseThrow();
    String other = right.third().equals("canoe") ? "otter" : "canoe";
    return new WordCode(right.number(), right.first(), right.second(), other).toString();
  }

  @Test
  void twoNodesOfOneDirectoryAreTwoPeers() throws Exception {
    Node first = node("a");
    Node second = node("a");
    assertThat(second.peerId()).isNotEqualTo(first.peerId());
    Sharing sharing = first.share(ShareOptions.of(mods));
    receive(second, sharing.codes().shortest(), "got").await();
    assertThat(contentOf(directory.resolve("got/mods"))).isEqualTo(contentOf(mods));
  }

  @Test
  void aPortThatIsTakenByNowIsNoReasonNotToStart() throws Exception {
    Path data = Files.createDirectories(directory.resolve("a.data"));
    try (var taken = new ServerSocket(0)) {
      Files.writeString(data.resolve("port"), Integer.toString(taken.getLocalPort()));
      try (Node node = WarrenNode.start(NodeConfig.in(data).withLan(false), _ -> List.of())) {
        assertThat(node.addresses()).isNotEmpty();
        assertThat(Files.readString(data.resolve("port")))
            .isEqualTo(Integer.toString(node.addresses().getFirst().port().orElseThrow()));
      }
    }
  }

  @Test
  void theNodeRemembersWhatItDid() throws Exception {
    Node a = node("a");
    Node b = node("b");
    Sharing sharing = a.share(ShareOptions.of(mods).description("for friday"));
    try (Receiving receiving = receive(b, sharing.codes().shortest(), "got")) {
      receiving.await();
    }
    sharing.close();
    assertThat(a.records().shares().getFirst().description()).isEqualTo("for friday");
    assertThat(a.records().shares().getFirst().state()).isEqualTo(NodeRecords.ShareState.ENDED);
    assertThat(b.records().transfers().getFirst().state())
        .isEqualTo(NodeRecords.TransferState.DONE);
    assertThat(b.records().audit(NodeRecords.AuditQuery.ALL, 1).getFirst().event())
        .isEqualTo("received");
    assertThat(b.records().transfers().getFirst().receivedBytes())
        .isEqualTo(b.records().transfers().getFirst().bytes());
  }

  @Test
  void aPausedTransferGoesOn() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods));
    Receiving receiving = receive(node("b"), sharing.codes().shortest(), "got");
    receiving.pause();
    receiving.resume();
    receiving.await();
    assertThat(receiving.progress().state()).isEqualTo(ReceivingProgress.State.DONE);
    assertThat(receiving.progress().doneBytes()).isEqualTo(receiving.progress().bytes());
  }

  private WarrenNode node(String name) throws IOException {
    return node(name, 1 << 30);
  }

  private WarrenNode node(String name, long cacheBytes) throws IOException {
    NodeConfig rest = NodeConfig.in(directory.resolve(name + ".data"));
    var config =
        new NodeConfig(
            rest.dataDirectory(),
            List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
            false,
            false,
            List.of(),
            rest.agent(),
            rest.limitUp(),
            rest.limitDown(),
            cacheBytes,
            rest.findTimeout());
    WarrenNode node = WarrenNode.start(config, host -> List.of(place.door(host)));
    nodes.add(node);
    return node;
  }

  private Receiving receive(Node node, String code, String into) throws Exception {
    return node.receive(ReceiveOptions.of(code).into(directory.resolve(into)));
  }

  private static Map<String, String> contentOf(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        content.put(
            root.relativize(path).toString(),
            Files.isDirectory(path)
                ? "directory"
                : Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }
}
