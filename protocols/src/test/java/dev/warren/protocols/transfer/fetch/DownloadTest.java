package dev.warren.protocols.transfer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.fetch.FakeSwarm.FakeSource;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.Receipt;
import dev.warren.protocols.transfer.session.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DownloadTest {
  private static final int CHUNKS = 240;
  private static final int SEGMENTS = 4;

  private final FakeSwarm swarm = new FakeSwarm(CHUNKS, 2_000);
  private final FakeTarget target = new FakeTarget(swarm, SEGMENTS);
  private final HurriedTime time = new HurriedTime();
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final PeerId self = peer();
  private final PeerId sharer = peer();
  private Download download = start();

  @AfterEach
  void end() {
    download.close();
  }

  @Test
  void everythingArrivesFromOneSource() throws Exception {
    FakeSource source = sharer();
    download.addSource(source.peer);
    download.await();
    assertComplete();
    assertThat(source.given).hasSize(CHUNKS);
    assertThat(download.progress().doneChunks()).isEqualTo(CHUNKS);
    assertThat(download.progress().sources()).hasSize(1);
  }

  @Test
  void whatIsThereAlreadyIsNotFetched() throws Exception {
    target.done.set(0, 100);
    target.reusable.set(150, 200);
    FakeSource source = sharer();
    download = start();
    download.addSource(source.peer);
    download.await();
    assertThat(source.given).hasSize(CHUNKS - 150);
    assertThat(target.written).hasSize(CHUNKS - 150);
  }

  @Test
  void aSourceThatBreaksIsTriedAgainUntilAllIsHere() throws Exception {
    FakeSource source = sharer();
    source.breaksAfter = 50;
    download.addSource(source.peer);
    download.await();
    assertComplete();
    assertThat(source.connections).hasValueGreaterThanOrEqualTo(CHUNKS / 50);
    assertThat(events).anyMatch(event -> event.startsWith("lost"));
  }

  @Test
  void aLiarIsDroppedAndWhatItWasAskedForComesFromAnother() throws Exception {
    FakeSource liar = sharer();
    liar.lies = true;
    liar.mayGive = new CountDownLatch(1);
    download.addSource(liar.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    FakeSource honest = whole(peer());
    download.addSource(honest.peer);
    liar.mayGive.countDown();
    download.await();
    assertComplete();
    assertThat(honest.given).hasSizeGreaterThanOrEqualTo(CHUNKS);
  }

  @Test
  void aLiarAloneEndsTheDownload() {
    FakeSource liar = sharer();
    liar.lies = true;
    download.addSource(liar.peer);
    assertThatThrownBy(download::await).isInstanceOf(LyingSourceException.class);
    assertThat(target.written).isEmpty();
    assertThat(liar.connections).hasValue(1);
  }

  @Test
  void severalPartsMakeAWholeWithoutTheSharer() throws Exception {
    for (int part = 0; part < 3; part++) {
      FakeSource seed = swarm.source(peer());
      seed.held.set(part * CHUNKS / 3, (part + 1) * CHUNKS / 3);
      seed.segments = SEGMENTS;
      download.addSource(seed.peer);
    }
    download.await();
    assertComplete();
  }

  @Test
  void onlyOneSourceIsAskedForTheManifestAndAnotherWhenItGoes() throws Exception {
    FakeSource half = sharer();
    half.segments = SEGMENTS / 2;
    download.addSource(half.peer);
    FakeSource whole = whole(peer());
    download.addSource(whole.peer);
    for (int i = 0; i < 2; i++) {
      assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    }
    half.refuses = true;
    half.refusal = new RefusedException(RefusedException.Reason.EXPIRED, "it is over");
    half.links.forEach(FakeSwarm.Link::close);
    download.await();
    assertComplete();
  }

  @Test
  void aSourceThatKeepsTheManifestToItselfDoesNotHoldUpTheOthers() throws Exception {
    FakeSource silent = whole(peer());
    silent.segments = 0;
    download.addSource(silent.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    Runnable patienceIsOver = time.impatience.poll(20, TimeUnit.SECONDS);
    FakeSource other = whole(peer());
    download.addSource(other.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    other.awaitFollowed();

    patienceIsOver.run();

    download.await();
    assertComplete();
  }

  @Test
  void theSharerIsAskedForTheManifestAsSoonAsItIsThere() throws Exception {
    FakeSource silent = whole(peer());
    silent.segments = 0;
    download.addSource(silent.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    download.addSource(sharer().peer);
    download.await();
    assertComplete();
  }

  @Test
  void aSeedThatLetsNobodyInYetIsAskedAgainOnceTheSharerHasLetUsIn() throws Exception {
    FakeSource seed = whole(peer());
    seed.refuses = true;
    seed.refusal = new RefusedException(RefusedException.Reason.EXPIRED, "an old token");
    download.addSource(seed.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("lost");
    seed.refuses = false;
    download.await();
    assertComplete();
  }

  @Test
  void aSeedThatSaysThatContentIsGoneIsNotBelieved() throws Exception {
    FakeSource liar = whole(peer());
    liar.changed.set(0, CHUNKS);
    download.addSource(liar.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    while (liar.asked.get() < CHUNKS) {
      Thread.onSpinWait();
    }
    download.addSource(sharer().peer);
    download.await();
    assertComplete();
  }

  @Test
  void othersAreNamedByTheSharerOnly() throws Exception {
    FakeSource seed = whole(peer());
    seed.seeds = List.of(new FollowEvent.Seed(peer(), List.of(), new byte[0]));
    download.addSource(seed.peer);
    download.await();
    assertThat(events).noneMatch(event -> event.startsWith("discovered"));
  }

  @Test
  void peersThatAreNotThereDoNotKeepOthersOut() throws Exception {
    for (int i = 0; i < 2 * ChunkScheduler.MAX_SOURCES; i++) {
      download.addSource(peer()); // nobody is there
    }
    download.addSource(sharer().peer);
    download.await();
    assertComplete();
  }

  @Test
  void manySourcesTakeTurnsAndLetGoOfTheirMemory() throws Exception {
    List<FakeSource> seeds = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      FakeSource seed = whole(peer());
      seeds.add(seed);
      download.addSource(seed.peer);
    }
    download.await();
    assertComplete();
    int given = seeds.stream().mapToInt(seed -> seed.given.size()).sum();
    assertThat(given).isGreaterThanOrEqualTo(CHUNKS);
    assertThat(seeds.stream().mapToInt(seed -> seed.rests.get()).sum()).isPositive();
  }

  @Test
  void aRefusalByTheOnlySourceEndsTheDownload() {
    FakeSource source = sharer();
    source.refuses = true;
    source.refusal = new RefusedException(RefusedException.Reason.EXPIRED, "it is over");
    download.addSource(source.peer);
    assertThatThrownBy(download::await)
        .isInstanceOf(RefusedException.class)
        .hasMessage("it is over");
    assertThat(source.connections).hasValue(1);
  }

  @Test
  void aBusySourceIsAskedAgain() throws Exception {
    FakeSource source = sharer();
    source.refuses = true;
    source.refusal = new RefusedException(RefusedException.Reason.BUSY, "later");
    download.addSource(source.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("lost");
    source.refuses = false;
    download.await();
    assertComplete();
  }

  @Test
  void contentThatChangedAtTheSharerIsSaidToBeLostOnceTheRestIsHere() {
    target.done.set(0, CHUNKS - 3);
    FakeSource source = sharer();
    source.changed.set(0, CHUNKS);
    download = start();
    download.addSource(source.peer);
    assertThatThrownBy(download::await)
        .isInstanceOfSatisfying(
            IncompleteShareException.class, e -> assertThat(e.firstLost()).isEqualTo(CHUNKS - 3));
  }

  @Test
  void lostContentEndsTheDownloadAlsoWhenTheRestComesLater() throws Exception {
    FakeSource source = sharer();
    source.changed.set(0, 3);
    source.mayGive = new CountDownLatch(1);
    download.addSource(source.peer);
    var ended = new CompletableFuture<Throwable>();
    Thread waiting =
        Thread.ofPlatform().start(() -> ended.complete(catchThrowable(download::await)));
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    source.mayGive.countDown();
    assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(IncompleteShareException.class);
    assertThat(target.written).hasSize(CHUNKS - 3);
  }

  @Test
  void aFullDiskEndsTheDownload() {
    target.full = new IOException("no space left");
    FakeSource source = sharer();
    download.addSource(source.peer);
    assertThatThrownBy(download::await)
        .isInstanceOf(TargetException.class)
        .hasMessage("no space left");
  }

  @Test
  void aPausedDownloadAsksForNothingUntilItIsResumed() throws Exception {
    download.pause();
    FakeSource source = sharer();
    download.addSource(source.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    assertThat(source.given).isEmpty();
    download.resume();
    download.await();
    assertComplete();
  }

  @Test
  void othersThatTheSharerKnowsAreTold() throws Exception {
    FakeSource source = sharer();
    PeerId other = peer();
    source.seeds = List.of(new FollowEvent.Seed(other, List.of(), new byte[0]));
    download.addSource(source.peer);
    download.await();
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("discovered " + other);
  }

  @Test
  void sourcesAreToldWhatCanBeFetchedFromHereAndHowItWent() throws Exception {
    var announcement = new Announcement(true, List.of(), new byte[0]);
    download.announce(announcement);
    FakeSource source = sharer();
    download.addSource(source.peer);
    download.await();
    download.sendReceipt(new Receipt(1, 2, 3, true));
    assertThat(source.announcements).containsExactly(announcement);
    assertThat(source.receipts).containsExactly(new Receipt(1, 2, 3, true));
  }

  @Test
  void nobodyFetchesFromThemselves() {
    download.addSource(self);
    assertThat(download.progress().sources()).isEmpty();
    assertThat(time.asked).isEmpty();
  }

  @Test
  void aBetterWayToASourceIsTakenWithoutLosingIt() throws Exception {
    FakeSource source = sharer();
    download.pause();
    download.addSource(source.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    source.awaitFollowed();
    source.links.getFirst().superseded = true;
    download.move(source.peer);
    assertThat(events.poll(20, TimeUnit.SECONDS)).startsWith("connected");
    download.resume();
    download.await();
    assertComplete();
    assertThat(source.given).hasSize(CHUNKS);
    assertThat(source.connections).hasValue(2);
  }

  @Test
  void whatWasAskedForBeforeABetterWayCameIsNotAskedForAgain() throws Exception {
    FakeSource source = sharer();
    source.mayGive = new CountDownLatch(1);
    download.addSource(source.peer);
    source.awaitFollowed();
    source.links.getFirst().superseded = true;
    download.move(source.peer);
    source.mayGive.countDown();
    download.await();
    assertComplete();
    assertThat(source.given).hasSize(CHUNKS);
    assertThat(events).noneMatch(event -> event.startsWith("lost"));
  }

  @Test
  void aBetterWayDoesNotWaitForASlowOne() throws Exception {
    FakeSource source = sharer();
    source.mayGive = new CountDownLatch(1);
    download.addSource(source.peer);
    source.awaitFollowed();
    source.links.getFirst().superseded = true;
    download.move(source.peer);
    Runnable slow = time.haste.poll(20, TimeUnit.SECONDS);
    assertThat(slow).isNotNull();
    slow.run();
    source.mayGive.countDown();
    download.await();
    assertComplete();
    assertThat(source.connections).hasValue(2);
    assertThat(events).noneMatch(event -> event.startsWith("lost"));
  }

  @Test
  void aConnectionThatIsNoBetterChangesNothing() throws Exception {
    FakeSource source = sharer();
    download.pause();
    download.addSource(source.peer);
    source.awaitFollowed();
    download.move(source.peer);
    download.resume();
    download.await();
    assertThat(source.connections).hasValue(1);
  }

  @Test
  void closingEndsTheWait() {
    download.close();
    assertThatThrownBy(download::await).hasMessage("the download was ended");
  }

  private FakeSource sharer() {
    return whole(sharer);
  }

  private FakeSource whole(PeerId peer) {
    FakeSource source = swarm.source(peer);
    source.everything = true;
    source.segments = SEGMENTS;
    return source;
  }

  private void assertComplete() {
    assertThat(target.written).hasSize(CHUNKS);
    target.written.forEach(
        (ordinal, bytes) -> assertThat(bytes).isEqualTo(swarm.contents.get(ordinal.intValue())));
  }

  private Download start() {
    try {
      return new Download(
          self,
          sharer,
          target,
          signed -> new Segment.Content(List.of(), signed.index() == SEGMENTS - 1),
          swarm,
          new Told(),
          time,
          new Random(3));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static PeerId peer() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }

  private final class Told implements DownloadListener {
    @Override
    public void connected(PeerId source, String path) {
      events.add("connected " + source + " " + path);
    }

    @Override
    public void lost(PeerId source, IOException reason, Duration retryAfter) {
      events.add("lost " + source + " " + reason.getMessage());
    }

    @Override
    public void dropped(PeerId source, IOException reason) {
      events.add("dropped " + source + " " + reason.getMessage());
    }

    @Override
    public void discovered(FollowEvent.Seed seed) {
      events.add("discovered " + seed.peer());
    }
  }

  /** Time in which whatever is to happen later happens at once, but for what a test runs. */
  private static final class HurriedTime implements TimeSource {
    private final LinkedBlockingQueue<Runnable> impatience = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Runnable> haste = new LinkedBlockingQueue<>();
    private final List<Duration> asked = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Scheduled after(Duration delay, Runnable action) {
      if (delay.equals(Download.FEEDER_PATIENCE)) {
        impatience.add(action);
        return () -> {};
      }
      if (delay.equals(SourceWorker.MOVE_PATIENCE)) {
        haste.add(action);
        return () -> {};
      }
      asked.add(delay);
      action.run();
      return () -> {};
    }
  }
}
