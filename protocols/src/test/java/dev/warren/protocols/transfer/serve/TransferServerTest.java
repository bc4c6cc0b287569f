package dev.warren.protocols.transfer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.protocols.transfer.content.BoxOpener;
import dev.warren.protocols.transfer.content.GrowingChunkSet;
import dev.warren.protocols.transfer.manifest.SegmentSigner;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException.Reason;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.DataSession;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.FollowEvent.Grown;
import dev.warren.protocols.transfer.session.FollowEvent.Holds;
import dev.warren.protocols.transfer.session.FollowEvent.HoldsEverything;
import dev.warren.protocols.transfer.session.FollowEvent.Seed;
import dev.warren.protocols.transfer.session.FollowEvent.Seeds;
import dev.warren.protocols.transfer.session.FollowRequest.From;
import dev.warren.protocols.transfer.session.FollowSession;
import dev.warren.protocols.transfer.session.HandTime;
import dev.warren.protocols.transfer.session.Receipt;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.protocols.transfer.session.SessionClient;
import dev.warren.protocols.transfer.session.ShareAccess;
import dev.warren.protocols.transfer.session.Token;
import dev.warren.protocols.transfer.session.TwoHosts;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TransferServerTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration HOLDINGS_PACE = Duration.ofMillis(250);
  private static final Duration SEEDS_PACE = Duration.ofSeconds(5);
  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

  private final HandTime time = new HandTime();
  private final AtomicReference<Optional<ServedShare>> served = new AtomicReference<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private TwoHosts hosts;
  private MemoryShare share;
  private TransferServer server;
  private SessionClient client;

  @BeforeEach
  void serve() throws IOException {
    serve(TwoHosts.inMemory(), Optional.empty());
  }

  private void serve(TwoHosts between, Optional<PrivateKey> sharer) {
    hosts = between;
    share = new MemoryShare(sharer.orElse(hosts.source().identity()).publicKey());
    served.set(Optional.of(share));
    server =
        TransferServer.start(
            hosts.source(),
            id -> served.get().filter(known -> known.id().equals(id)),
            () -> NOW,
            time);
    client = new SessionClient(hosts.receiver().peerId(), time);
  }

  @AfterEach
  void close() {
    hosts.close();
    threads.shutdownNow();
    threads.close();
  }

  // ---- chunks

  @Test
  void chunksComeInTheOrderInWhichTheyAreWanted() throws IOException {
    fill(5, 100);

    assertThat(fetch(data(), 3, 0, 4, 4, 1))
        .containsExactly(chunk(3), chunk(0), chunk(4), chunk(4), chunk(1));
  }

  @Test
  void allOfAShareComesOverTcpInBoxesThatAreFull() throws IOException {
    hosts.close();
    serve(TwoHosts.overTcp(), Optional.empty());
    fill(40, 300_000);
    int[] all = IntStream.range(0, 40).toArray();
    DataSession session = data();

    session.want(all);
    session.want(all);
    var boxes = new Boxes(session);
    assertThat(boxes.take(80)).containsExactlyElementsOf(twice(share.content));
    // Three of them fit into a box of 1 MiB and 64 KiB, and a box is of one request.
    assertThat(boxes.count()).isEqualTo(28);
  }

  private static List<byte[]> twice(List<byte[]> list) {
    List<byte[]> twice = new ArrayList<>(list);
    twice.addAll(list);
    return twice;
  }

  @Test
  void whatCannotBeHadIsSaidWithItsReasonAndTheRestComes() throws IOException {
    fill(4, 10);
    share.reader =
        ordinal -> {
          if (ordinal == 1) {
            throw new ChunkUnavailableException(Reason.CHANGED, "other bytes");
          } else if (ordinal == 2) {
            throw new IOException("broken disk");
          }
        };

    assertThat(fetch(data(), 0, 1, 2, 3, 4))
        .containsExactly(chunk(0), reason(2), reason(3), chunk(3), reason(1));
  }

  @Test
  void aSourceGivesOnlyWhatItSaysItHas() throws IOException {
    fill(3, 10);
    var some = new GrowingChunkSet();
    some.add(1);
    share.chunks = some;

    assertThat(fetch(data(), 0, 1, 2)).containsExactly(reason(1), chunk(1), reason(1));
  }

  @Test
  void aThousandSmallChunksAreOneBox() throws Exception {
    fill(1000, 1000);
    DataSession session = data();
    session.want(IntStream.range(0, 1000).toArray());
    var boxes = new Boxes(session);

    assertThat(boxes.take(1000)).containsExactlyElementsOf(share.content);
    assertThat(boxes.count()).isEqualTo(1);
    await("admitted");
    await("sent 1000000");
  }

  @Test
  void aReceiverThatWantsAndNeverReadsIsEnded() throws Exception {
    fill(8, 1 << 20);
    DataSession session = data();
    session.want(IntStream.range(0, 8).toArray());

    time.pass(Duration.ofMinutes(10));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Boxes(session).take(8));
    time.pass(Visits.LINGER);
    await("admitted");
    await("gone");
  }

  // ---- following

  @Test
  void segmentsComeAsTheManifestGrows() throws IOException {
    grow(2);
    FollowSession session = follow();
    assertThat(session.next()).isEqualTo(new HoldsEverything());

    session.tell(new From(1));
    assertThat(nextSegment(session)).isEqualTo(1);
    grow(1);
    assertThat(nextSegment(session)).isEqualTo(2);
    session.tell(new From(0));
    assertThat(nextSegment(session)).isEqualTo(0);
    assertThat(nextSegment(session)).isEqualTo(1);
    assertThat(nextSegment(session)).isEqualTo(2);
  }

  @Test
  void whoFollowsFromBeyondTheEndGetsNoSegments() throws Exception {
    var some = new GrowingChunkSet();
    share.chunks = some;
    grow(2);
    FollowSession session = follow();
    session.tell(new From(Long.MAX_VALUE));
    session.tell(new Receipt(0, 0, 0, false));
    await("admitted");
    await("receipt 0 0 0 false");

    grow(1);
    some.add(7);
    time.pass(HOLDINGS_PACE);
    assertThat(session.next()).isEqualTo(new Holds(bits(7)));
  }

  @Test
  void whatASourceHoldsIsToldAsItGrows() throws Exception {
    var some = new GrowingChunkSet();
    some.add(1);
    share.chunks = some;
    FollowSession session = follow();
    assertThat(session.next()).isEqualTo(new Holds(bits(1)));

    some.add(5);
    some.add(6);
    time.pass(HOLDINGS_PACE);
    assertThat(session.next()).isEqualTo(new Holds(bits(5, 6)));
  }

  @Test
  void receiversThatSeedAreToldToTheOthersForAsLongAsTheyFollow() throws Exception {
    letPass(SEEDS_PACE);
    Host another = hosts.another();
    Connection connection = another.dial(hosts.source().addressesWithPeer().getFirst());
    FollowSession first = follow();
    FollowSession second =
        new SessionClient(another.peerId(), time).follow(connection, access(), () -> {});

    first.tell(new Announcement(true, List.of(ADDRESS), new byte[] {1}));
    Seed told = seeds(second).getFirst();
    assertThat(told.peer()).isEqualTo(hosts.receiver().peerId());
    assertThat(told.addresses()).containsExactly(ADDRESS);
    assertThat(told.summary()).containsExactly(1);

    first.close();
    assertThat(seeds(second)).isEmpty();
  }

  /** Has rests of this length be over at once. */
  private void letPass(Duration rest) {
    threads.execute(
        () -> {
          try {
            while (true) {
              time.pass(rest);
            }
          } catch (InterruptedException testIsOver) {
            Thread.currentThread().interrupt();
          }
        });
  }

  // ---- admission

  @Test
  void allStreamsOfAReceiverHaveOneAdmission() throws Exception {
    fill(1, 10);
    FollowSession session = follow();
    fetch(data(), 0);
    fetch(data(), 0);
    session.tell(new Receipt(10, 1, 500, true));

    List<String> events = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      events.add(share.events.take());
    }
    assertThat(events)
        .containsExactlyInAnyOrder("admitted", "sent 10", "sent 10", "receipt 10 1 500 true");
  }

  @Test
  void aReceiverThatLosesItsConnectionIsExpectedBack() throws Exception {
    follow().close();
    time.pass(Visits.LINGER);

    await("admitted");
    await("gone");

    FollowSession second = follow();
    await("admitted");
    second.close();
    time.awaitPlan(Visits.LINGER);
    FollowSession third = follow();
    time.pass(Visits.LINGER);
    third.tell(new Receipt(1, 1, 1, false));
    await("receipt 1 1 1 false");
    assertThat(share.events).isEmpty();
  }

  @Test
  void aReceiverThatHasEverythingIsNotExpectedBack() throws Exception {
    FollowSession session = follow();
    session.tell(new Receipt(1, 2, 3, true));
    session.close();

    await("admitted");
    await("receipt 1 2 3 true");
    await("gone");
  }

  @Test
  void aRefusalReachesTheReceiver() throws IOException {
    share.door =
        (receiver, waiting) -> {
          throw new RefusedException(RefusedException.Reason.BLOCKED, "you are blocked");
        };

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(this::follow)
        .withMessage("you are blocked")
        .extracting(RefusedException::reason)
        .isEqualTo(RefusedException.Reason.BLOCKED);
  }

  @Test
  void whoWasRefusedMayAskAgain() throws Exception {
    share.door =
        (receiver, waiting) -> {
          throw new RefusedException(RefusedException.Reason.NOT_APPROVED, "not now");
        };
    assertThatExceptionOfType(RefusedException.class).isThrownBy(this::follow);
    share.events.add("refused");
    share.door = (receiver, waiting) -> {};

    follow();
    await("refused");
    await("admitted");
  }

  @Test
  void aPersonIsAskedOnceForAllStreams() throws Exception {
    var asked = new AtomicInteger();
    var decision = new CompletableFuture<Void>();
    share.door =
        (receiver, waiting) -> {
          asked.incrementAndGet();
          waiting.run();
          decision.join();
        };
    var waiting = new CountDownLatch(2);
    Future<FollowSession> first =
        threads.submit(() -> client.follow(hosts.connection(), access(), waiting::countDown));
    Future<DataSession> second =
        threads.submit(() -> client.data(hosts.connection(), access(), waiting::countDown));
    waiting.await();
    decision.complete(null);

    first.get();
    second.get();
    assertThat(asked).hasValue(1);
  }

  @Test
  void sourcesThatAreNotTheSharerWantItsToken() throws IOException {
    hosts.close();
    PrivateKey sharer = PrivateKey.generate(KeyType.ED25519);
    serve(TwoHosts.inMemory(), Optional.of(sharer));

    assertRefused(Optional.empty(), RefusedException.Reason.NOT_APPROVED);
    assertRefused(Optional.of(token(sharer, NOW)), RefusedException.Reason.EXPIRED);
    FollowSession session =
        client.follow(
            hosts.connection(), access(Optional.of(token(sharer, NOW.plusSeconds(1)))), () -> {});
    assertThat(session.acceptance().token()).isEmpty();
    assertThat(session.next()).isEqualTo(new HoldsEverything());
  }

  @Test
  void theSharersTokenEndsWithTheAdmission() throws Exception {
    Token token = follow().acceptance().token().orElseThrow();

    token.check(
        share.sharer(), share.id(), hosts.receiver().peerId(), MemoryShare.EXPIRES.minusSeconds(1));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(
            () ->
                token.check(
                    share.sharer(), share.id(), hosts.receiver().peerId(), MemoryShare.EXPIRES));
  }

  private void assertRefused(Optional<Token> token, RefusedException.Reason reason) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> client.follow(hosts.connection(), access(token), () -> {}))
        .extracting(RefusedException::reason)
        .isEqualTo(reason);
  }

  private Token token(PrivateKey sharer, Instant expires) {
    return Token.issue(sharer, share.id(), hosts.receiver().peerId(), expires);
  }

  // ---- ends and limits

  @Test
  void aShareThatEndsEndsItsStreamsAndIsUnknown() throws Exception {
    FollowSession session = follow();
    assertThat(session.next()).isEqualTo(new HoldsEverything());
    served.set(Optional.empty());
    server.end(share);

    assertThatExceptionOfType(IOException.class).isThrownBy(session::next);
    await("admitted");
    await("gone");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(this::follow)
        .extracting(RefusedException::reason)
        .isEqualTo(RefusedException.Reason.UNKNOWN);
  }

  @Test
  void aReceiverCanBeEnded() throws Exception {
    FollowSession session = follow();
    server.end(hosts.receiver().peerId());

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> drain(session));
    await("admitted");
    await("gone");
  }

  @Test
  void theOldestOfTooManyStreamsEnds() throws IOException {
    fill(1, 10);
    FollowSession first = follow();
    FollowSession second = follow();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> drain(first))
        .isNotInstanceOf(EOFException.class);
    assertThat(second.next()).isEqualTo(new HoldsEverything());

    List<DataSession> sessions = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      sessions.add(data());
    }
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> fetch(sessions.get(0), 0));
    for (DataSession session : sessions.subList(1, 9)) {
      assertThat(fetch(session, 0)).containsExactly(chunk(0));
    }
  }

  @Test
  void aReceiverWhoseStreamsDoNotEndGetsNoMoreOfThem() throws Exception {
    var decision = new CompletableFuture<Void>();
    share.door =
        (receiver, waiting) -> {
          waiting.run();
          decision.join();
        };
    for (int i = 0; i < 2; i++) {
      var waiting = new CountDownLatch(1);
      var _ = threads.submit(() -> client.follow(hosts.connection(), access(), waiting::countDown));
      waiting.await();
    }

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(this::follow)
        .extracting(RefusedException::reason)
        .isEqualTo(RefusedException.Reason.BUSY);
    decision.complete(null);
  }

  @Test
  void theManifestIsHeldToTheLimitsAsWell() throws IOException {
    grow(3);
    FollowSession session = follow();
    session.tell(new From(0));
    for (int i = 0; i < 3; i++) {
      assertThat(nextSegment(session)).isEqualTo(i);
    }

    assertThat(share.limited).hasValue(3);
  }

  @Test
  void receiptsWithoutEndAreRefused() throws IOException {
    FollowSession session = follow();
    for (int i = 0; i < 17; i++) {
      session.tell(new Receipt(i, 0, 0, false));
    }

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> drain(session))
        .isNotInstanceOf(EOFException.class);
    assertThat(share.events.stream().filter(event -> event.startsWith("receipt"))).hasSize(16);
  }

  @Test
  void requestsBeyondAllBoundsEndTheirStream() throws IOException {
    fill(1, 10);
    DataSession data = data();
    FollowSession follow = follow();
    data.want(new int[] {0, -1});
    follow.tell(new From(-1));

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Boxes(data).take(2));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> drain(follow))
        .isNotInstanceOf(EOFException.class);
  }

  @Test
  void aClosedServerServesNobody() throws IOException {
    FollowSession session = follow();
    server.close();

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> drain(session));
    assertThatExceptionOfType(IOException.class).isThrownBy(this::follow);
  }

  // ---- what the tests are made of

  private static void drain(FollowSession session) throws IOException {
    while (true) {
      session.next();
    }
  }

  private ShareAccess access() {
    return access(Optional.empty());
  }

  private ShareAccess access(Optional<Token> token) {
    return new ShareAccess(share.id(), share.key(), share.sharer().peerId(), token);
  }

  private FollowSession follow() throws IOException {
    return client.follow(hosts.connection(), access(), () -> {});
  }

  private DataSession data() throws IOException {
    return client.data(hosts.connection(), access(), () -> {});
  }

  private void fill(int chunks, int bytes) {
    var random = new Random(chunks);
    for (int i = 0; i < chunks; i++) {
      byte[] chunk = new byte[bytes];
      random.nextBytes(chunk);
      share.content.add(chunk);
    }
  }

  private byte[] chunk(int ordinal) {
    return share.content.get(ordinal);
  }

  private static byte[] reason(int reason) {
    return new byte[] {(byte) reason};
  }

  private void grow(int segments) {
    var signer = new SegmentSigner(hosts.source().identity(), share.id());
    for (int i = 0; i < segments; i++) {
      share.segments.add(signer.sign(share.segments.size(), new byte[] {(byte) i}));
    }
  }

  private static long nextSegment(FollowSession session) throws IOException {
    FollowEvent event = session.next();
    while (!(event instanceof Grown)) {
      event = session.next();
    }
    SignedSegment segment = ((Grown) event).segment();
    return segment.index();
  }

  private static List<Seed> seeds(FollowSession session) throws IOException {
    FollowEvent event = session.next();
    while (!(event instanceof Seeds)) {
      event = session.next();
    }
    return ((Seeds) event).seeds();
  }

  private static BitSet bits(int... ordinals) {
    var bits = new BitSet();
    for (int ordinal : ordinals) {
      bits.set(ordinal);
    }
    return bits;
  }

  private void await(String event) throws InterruptedException {
    assertThat(share.events.take()).isEqualTo(event);
  }

  private static List<byte[]> fetch(DataSession session, int... ordinals) throws IOException {
    session.want(ordinals);
    return new Boxes(session).take(ordinals.length);
  }

  /** The chunks that come, and instead of those that cannot be had the one byte of the reason. */
  private static final class Boxes {
    private final DataSession session;
    private final BoxOpener opener;
    private int count;

    Boxes(DataSession session) {
      this.session = session;
      opener = new BoxOpener(session.boxKey());
    }

    List<byte[]> take(int chunks) throws IOException {
      List<byte[]> taken = new ArrayList<>();
      byte[] head = new byte[Integer.BYTES];
      while (taken.size() < chunks) {
        session.readFully(head, 0, head.length);
        int length = BoxOpener.checkLength(ByteBuffer.wrap(head).getInt());
        session.readFully(opener.sealed(), 0, length);
        opener.open(length);
        count++;
        while (opener.next()) {
          taken.add(
              opener.reason() > 0
                  ? reason(opener.reason())
                  : ByteBuffer.allocate(opener.length())
                      .put(opener.array(), opener.offset(), opener.length())
                      .array());
        }
      }
      assertThat(taken).hasSize(chunks);
      return taken;
    }

    int count() {
      return count;
    }
  }
}
