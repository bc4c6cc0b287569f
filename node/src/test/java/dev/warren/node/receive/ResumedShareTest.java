package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.node.ConflictPolicy;
import dev.warren.node.store.FileSum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an earlier process has left of a share. */
@Timeout(60)
class ResumedShareTest extends ReceivingOntoDisk {
  @Test
  void aProcessThatDiesGoesOnWhereItWasSaved() throws Exception {
    made.chunksPerSegment = 3;
    made.file("one", bytes(3_000_000)).file("two", text("2")).file("three", bytes(90_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    int half = (int) share.chunkCount() / 2;
    for (int ordinal = 0; ordinal < half; ordinal++) {
      write(ordinal);
    }
    time.turn();
    write(half);
    dieAndReopen();
    assertThat(share.hasBegun()).isTrue();
    for (int ordinal = 0; ordinal < share.chunkCount(); ordinal++) {
      assertThat(share.isDone(ordinal)).isEqualTo(ordinal < half);
    }
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aFileThatGotItsNameJustBeforeTheProcessDiedIsNotThereTwice() throws Exception {
    made.file("one", text("1")).file("two", bytes(400_000)).make();
    begin(ConflictPolicy.RENAME);
    addAll();
    time.turn();
    ordinals().forEach(this::write);
    assertThat(tree().keySet()).contains("one", "two");
    dieAndReopen();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void ofALargeFileThatGotItsNameJustBeforeTheProcessDiedNothingIsReceivedAgain() throws Exception {
    made.file("one", bytes(2_000_000)).make();
    begin(ConflictPolicy.RENAME);
    addAll();
    int last = (int) share.chunkCount() - 1;
    for (int ordinal = 0; ordinal < last; ordinal++) {
      write(ordinal);
    }
    time.turn();
    write(last);
    assertThat(tree().keySet()).contains("one");
    dieAndReopen();
    for (int ordinal = 0; ordinal < last; ordinal++) {
      assertThat(share.isDone(ordinal)).isTrue();
    }
    assertThat(local.learnt.get(root().resolve("one"))).isEqualTo(chunksOf(made.files.get("one")));
    assertThat(share.finishedFiles()).isEqualTo(1);
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void afterALossOfPowerWhatWasNotForcedIsLookedAtAgain() throws Exception {
    made.file("small", text("small")).file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    time.turn();
    dieAndReopen();
    share.close();
    FileTime modified = Files.getLastModifiedTime(root().resolve("small"));
    Files.write(root().resolve("small"), new byte[5]);
    Files.setLastModifiedTime(root().resolve("small"), modified);
    database.putMeta("boot", "another");
    share = reopened();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void whatTheUserHasChangedBeforeALossOfPowerStays() throws Exception {
    made.file("small.txt", text("small")).file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    time.turn();
    put("small.txt", text("mine"));
    share.close();
    database.putMeta("boot", "another");
    share = reopened();
    fetch();
    assertThat(read("small.txt")).isEqualTo("mine");
    assertThat(read("small (1).txt")).isEqualTo("small");
  }

  @Test
  void aLargeFileWhoseNameIsLostWithThePowerGetsItAgain() throws Exception {
    made.file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    ordinals().forEach(this::write);
    share.close();
    Files.createDirectories(partial());
    Files.move(root().resolve("big"), partial().resolve("0"));
    database.putMeta("boot", "another");
    share = reopened();
    assertThat(fetch()).isZero();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void whatWasFilledBeforeStillCounts() throws Exception {
    made.file("one", bytes(3_000_000)).file("two", text("2")).file("three", bytes(90_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    int last = (int) share.chunkCount() - 1;
    for (int ordinal = last; ordinal > last / 2; ordinal--) {
      write(ordinal);
    }
    long filled = share.filledBytes();
    assertThat(filled).isBetween(90_001L, 3_000_000L);
    time.turn();
    dieAndReopen();
    assertThat(share.filledBytes()).isEqualTo(filled);
    fetch();
    assertThat(share.filledBytes()).isEqualTo(finished.whole().bytes());
  }

  @Test
  void whatWasLeftOutIsNotPlannedAgain() throws Exception {
    made.segmentPerFile = true;
    made.file("a", text("new")).file("gone", bytes(100)).file("c", text("new c")).gone.add("gone");
    made.make();
    put("a", text("old a"));
    begin(ConflictPolicy.SKIP);
    add();
    add();
    dieAndReopen();
    assertThat(plan(_ -> true).totals().files()).isEqualTo(1);
    assertThat(plan(_ -> true).totals().conflicts()).isZero();
    fetch();
    assertThat(finished).isEqualTo(new Finished(new FileSum(1, 5), 1, 1, List.of("gone")));
  }

  @Test
  void aPartialFileThatIsGoneIsReceivedAgain() throws Exception {
    receiveHalf();
    dieAndReopen(() -> Files.delete(partial().resolve("0")));
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void ofAPartialFileThatSomebodyChangedOnlyWhatChangedIsReceivedAgain() throws Exception {
    receiveHalf();
    dieAndReopen(
        () -> {
          change(partial().resolve("0"), 10);
          Files.setLastModifiedTime(
              partial().resolve("0"), FileTime.from(Instant.now().plusSeconds(60)));
        });
    assertThat(share.isDone(0)).isFalse();
    assertThat(share.isDone(1)).isTrue();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aLinkInThePlaceOfAPartialFileIsNotFollowed() throws Exception {
    byte[] mine = bytes(100);
    Path elsewhere = Files.write(temporary.resolve("elsewhere"), mine);
    receiveHalf();
    dieAndReopen(
        () -> {
          Files.delete(partial().resolve("0"));
          Files.createSymbolicLink(partial().resolve("0"), elsewhere);
        });
    fetch();
    assertThat(tree()).isEqualTo(expected());
    assertThat(Files.readAllBytes(elsewhere)).isEqualTo(mine);
  }

  @Test
  void aPartialFileThatIsRemovedWhileItIsReceivedEndsTheTransferUntilItGoesOn() throws Exception {
    made.file("a", bytes(1_000_000));
    for (int i = 0; i < 40; i++) {
      made.file("b" + i, bytes(200_000)); // so many that the first is not kept open
    }
    made.make();
    begin(ConflictPolicy.SKIP);
    addAll();
    List<Integer> order = new ArrayList<>(ordinals());
    int last = order.remove(1);
    for (int ordinal : order) {
      if (ordinal == order.get(order.size() / 2)) {
        Files.deleteIfExists(partial().resolve("0"));
      }
      write(ordinal);
    }
    byte[] content = made.chunks.get(last);
    assertThatThrownBy(() -> share.write(last, content, 0, content.length))
        .isInstanceOf(IOException.class);
    assertThat(root().resolve("a")).doesNotExist();
    share.close();
    share = reopened();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aKeptFileOfWhichMoreIsToComeIsLookedAtAgainByTheNextProcess() throws Exception {
    byte[] content = bytes(8_000_000);
    made.chunksPerSegment = 6;
    made.file("big", content).make();
    put("big", Arrays.copyOf(content, 7_500_000));
    begin(ConflictPolicy.OVERWRITE);
    add();
    add();
    time.turn();
    dieAndReopen();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }
}
