package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoreException;
import dev.warren.protocols.transfer.content.RateLimiter;
import dev.warren.protocols.transfer.serve.ServedShare.Admission;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.protocols.transfer.session.RefusedException.Reason;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionsTest {
  @TempDir Path directory;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private NodeDatabase node;
  private ShareDatabase share;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    node = NodeDatabase.open(new DataDirectory(directory).create(), () -> now, 0);
    share = ShareDatabase.open(directory.resolve("share.db"));
  }

  @AfterEach
  void close() {
    share.close();
    node.close();
  }

  private Admissions admissions(Terms terms) throws StoreException {
    ReceiverListener listener =
        new ReceiverListener() {
          @Override
          public void joined(PeerId peer) {
            told.add("joined");
          }

          @Override
          public void finished(PeerId peer, long bytes, long files, long millis) {
            told.add("finished");
          }

          @Override
          public void left(PeerId peer) {
            told.add("left");
          }

          @Override
          public void exhausted() {
            told.add("exhausted");
          }
        };
    return new Admissions(
        new ShareId("ABC"), terms, share, node.peers(), node.audit(), () -> now, listener);
  }

  private static Terms once() {
    return new Terms(Optional.empty(), OptionalInt.of(1), peer -> true, false, List.of());
  }

  private static Terms asking(Predicate<PeerId> approval) {
    return new Terms(Optional.empty(), OptionalInt.empty(), approval, true, List.of());
  }

  private static void doNotWait() {}

  private static PeerId peer() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }

  private static void assertRefused(Admissions admissions, PeerId peer, Reason reason) {
    assertThatThrownBy(() -> admissions.admit(peer, AdmissionsTest::doNotWait))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void theStreamsOfAReceiverAreOneReceiver() throws Exception {
    Admissions admissions = admissions(once());
    PeerId peer = peer();
    Admission follow = admissions.admit(peer, AdmissionsTest::doNotWait);
    Admission data = admissions.admit(peer, AdmissionsTest::doNotWait);
    data.sent(500);
    now = now.plusSeconds(2);
    follow.receipt(500, 3, 2000, true);
    data.close();
    data.close();
    follow.close();

    assertThat(told).containsExactly("joined", "exhausted", "finished", "left");
    assertThat(node.audit().find(AuditLog.Query.ALL, 9))
        .extracting(AuditLog.Line::event, AuditLog.Line::bytes, AuditLog.Line::millis)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(AuditLog.Event.LEFT, 500L, 2000L),
            org.assertj.core.groups.Tuple.tuple(AuditLog.Event.COMPLETED, 500L, 2000L),
            org.assertj.core.groups.Tuple.tuple(AuditLog.Event.ADMITTED, 0L, 0L));
  }

  @Test
  void aShareForOneIsFreeAgainWhenItsReceiverLeavesWithoutIt() throws Exception {
    Admissions admissions = admissions(once());
    Admission first = admissions.admit(peer(), AdmissionsTest::doNotWait);
    assertRefused(admissions, peer(), Reason.EXHAUSTED);
    first.close();
    Admission second = admissions.admit(peer(), AdmissionsTest::doNotWait);
    second.receipt(1, 1, 1, true);
    second.close();
    assertRefused(admissions, peer(), Reason.EXHAUSTED);
  }

  @Test
  void whoHasAllOfItMayComeBackAlsoAfterARestart() throws Exception {
    PeerId peer = peer();
    try (Admission admission = admissions(once()).admit(peer, AdmissionsTest::doNotWait)) {
      admission.receipt(1, 1, 1, true);
    }
    Admissions later = admissions(once());
    later.admit(peer, AdmissionsTest::doNotWait).close();
    assertRefused(later, peer(), Reason.EXHAUSTED);
  }

  @Test
  void aShareExpires() throws Exception {
    Instant end = now.plusSeconds(60);
    Admissions admissions =
        admissions(
            new Terms(Optional.of(end), OptionalInt.empty(), peer -> true, false, List.of()));
    assertThat(admissions.admit(peer(), AdmissionsTest::doNotWait).expires()).isEqualTo(end);
    now = end;
    assertRefused(admissions, peer(), Reason.EXPIRED);
    assertThat(node.audit().find(AuditLog.Query.ALL, 1).getFirst().event())
        .isEqualTo(AuditLog.Event.REFUSED);
  }

  @Test
  void receiversAreHeldToALimitTogether() throws Exception {
    var time = new java.util.concurrent.atomic.AtomicLong();
    var limiter =
        new RateLimiter(
            new TimeSource() {
              @Override
              public long nanoTime() {
                return time.get();
              }

              @Override
              public Scheduled after(java.time.Duration delay, Runnable action) {
                return () -> {};
              }
            },
            1000);
    Admissions admissions =
        admissions(
            new Terms(
                Optional.empty(), OptionalInt.empty(), peer -> true, false, List.of(limiter)));
    Admission one = admissions.admit(peer(), AdmissionsTest::doNotWait);
    // What was granted has to be paid for by time before another is let go.
    one.take(5000);
    Admission other = admissions.admit(peer(), AdmissionsTest::doNotWait);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> waiting =
          executor.submit(
              () -> {
                return other.take(1);
              });
      other.close();
      assertThatThrownBy(waiting::get)
          .hasCauseInstanceOf(java.nio.channels.AsynchronousCloseException.class);
    }
  }

  @Test
  void whoIsBlockedGetsNothing() throws Exception {
    PeerId peer = peer();
    node.peers().block(peer, "spam");
    assertRefused(admissions(Terms.NONE), peer, Reason.BLOCKED);
  }

  @Test
  void aPersonIsAskedAboutEachReceiverOnce() throws Exception {
    var asked = new AtomicInteger();
    var waits = new AtomicInteger();
    Admissions admissions = admissions(asking(peer -> asked.incrementAndGet() > 0));
    PeerId peer = peer();
    admissions.admit(peer, waits::incrementAndGet).close();
    admissions.admit(peer, waits::incrementAndGet).close();
    assertThat(asked).hasValue(1);
    assertThat(waits).hasValue(1);
  }

  @Test
  void whoIsNotApprovedIsRefusedAndMayBeAskedAboutAgain() throws Exception {
    Admissions admissions = admissions(asking(peer -> false));
    PeerId peer = peer();
    assertRefused(admissions, peer, Reason.NOT_APPROVED);
    assertRefused(admissions, peer, Reason.NOT_APPROVED);
  }

  @Test
  void whileAPersonThinksAboutOneOthersAreLetIn() throws Exception {
    PeerId slow = peer();
    PeerId quick = peer();
    var thinking = new CountDownLatch(1);
    var decided = new CountDownLatch(1);
    Admissions admissions =
        admissions(
            asking(
                peer -> {
                  if (peer.equals(slow)) {
                    thinking.countDown();
                    try {
                      decided.await();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }
                  return true;
                }));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Admission> first =
          executor.submit(() -> admissions.admit(slow, AdmissionsTest::doNotWait));
      Future<Admission> second =
          executor.submit(() -> admissions.admit(slow, AdmissionsTest::doNotWait));
      thinking.await();
      admissions.admit(quick, AdmissionsTest::doNotWait).close();
      decided.countDown();
      first.get().close();
      second.get().close();
    }
  }
}
