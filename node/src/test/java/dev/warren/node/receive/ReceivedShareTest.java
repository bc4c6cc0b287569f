package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.node.Caution;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.ReceivePlan;
import dev.warren.node.store.FileSum;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ReceivedShareTest extends ReceivingOntoDisk {
  @Test
  void everythingOfAShareIsThereInTheEnd() throws Exception {
    made.file("readme.txt", text("hello"))
        .file("empty", new byte[0])
        .file("mods/big.pak", bytes(3_000_000))
        .file("mods/run.sh", text("#!/bin/sh"))
        .directory("maps")
        .link("mods/latest", "big.pak")
        .make();
    receive(ConflictPolicy.SKIP);
    assertThat(tree()).isEqualTo(expected("maps/", "mods/latest -> big.pak"));
    assertThat(Files.isExecutable(root().resolve("mods/run.sh"))).isTrue();
    assertThat(Files.isExecutable(root().resolve("readme.txt"))).isFalse();
    assertThat(Files.getLastModifiedTime(root().resolve("mods/big.pak")).to(TimeUnit.NANOSECONDS))
        .isEqualTo(MadeShare.MODIFIED);
    assertThat(share.finishedFiles()).isEqualTo(4);
  }

  @Test
  void nothingIsCreatedBeforeItIsAgreedTo() throws Exception {
    made.file("a", text("a")).make();
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThat(plan.totals().files()).isEqualTo(1);
    assertThat(plan.totals().bytes()).isEqualTo(1);
    assertThat(root()).doesNotExist();
  }

  @Test
  void thePlanSaysAtWhatToLookTwice() throws Exception {
    made.file(".hidden/setup.exe", text("a")).file("map.pak", text("b")).make();
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThat(plan.totals().cautions()).isEqualTo(Map.of(Caution.HIDDEN, 1L, Caution.PROGRAM, 1L));
    assertThat(plan.cautioned())
        .extracting(planned -> planned.entry().path().toString())
        .containsExactly(".hidden/setup.exe");
    assertThat(plan(path -> path.toString().equals("map.pak")).totals().cautions()).isEmpty();
  }

  @Test
  void chunksInAnyOrderAndTwiceMakeTheSameFiles() throws Exception {
    byte[] shared = bytes(700_000);
    made.file("one", shared).file("two", join(shared, bytes(900_000), shared)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    List<Integer> order = ordinals();
    java.util.Collections.shuffle(order, random);
    for (int ordinal : order) {
      write(ordinal);
      write(ordinal);
    }
    share.finish();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aChunkThatCameBeforeIsCopiedToPlacesThatBecomeKnownLater() throws Exception {
    byte[] shared = bytes(2_000_000);
    made.chunksPerSegment = 2;
    made.file("one", shared).file("two", join(shared, bytes(10))).make();
    begin(ConflictPolicy.SKIP);
    int written = 0;
    while (added < made.segments.size()) {
      add();
      for (; written < share.chunkCount(); written++) {
        write(written);
      }
    }
    share.finish();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void zerosAreHoles() throws Exception {
    made.file("sparse", join(bytes(100_000), new byte[20 << 20], bytes(100_000))).make();
    receive(ConflictPolicy.SKIP);
    assertThat(tree()).isEqualTo(expected());
    Process du = new ProcessBuilder("du", "-k", root().resolve("sparse").toString()).start();
    String kilobytes = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Integer.parseInt(kilobytes.substring(0, kilobytes.indexOf('\t')))).isLessThan(8_000);
  }

  @Test
  void whatIsFilledIsCountedInAllOfItsPlaces() throws Exception {
    byte[] shared = bytes(700_000);
    made.segmentPerFile = true;
    made.file("one", shared)
        .file("sparse", join(bytes(100_000), new byte[20 << 20], shared))
        .file("same", bytes(100))
        .file("empty", new byte[0])
        .make();
    put("same", made.files.get("same"));
    begin(ConflictPolicy.SKIP);
    assertThat(share.filledBytes()).isZero();
    add();
    write(0);
    assertThat(share.filledBytes()).isEqualTo(made.chunks.getFirst().length);
    fetch();
    assertThat(share.filledBytes()).isEqualTo(finished.whole().bytes());
  }

  @Test
  void whatIsLostIsNotFilledUntilItComesAgain() throws Exception {
    byte[] content = bytes(1_500_000);
    made.segmentPerFile = true;
    made.file("one", content)
        .file("two", join(Arrays.copyOf(content, chunksOf(content).getFirst().length())))
        .make();
    begin(ConflictPolicy.SKIP);
    add();
    write(0);
    change(partial().resolve("0"), 10);
    addAll();
    assertThat(share.filledBytes()).isZero();
    fetch();
    assertThat(share.filledBytes()).isEqualTo(finished.whole().bytes());
  }

  @Test
  void identicalFilesStayAsTheyAreWhateverThePolicy() throws Exception {
    byte[] content = bytes(2_000_000);
    made.chunksPerSegment = 2;
    made.file("mods/same", content).file("mods/other", join(content, bytes(5))).make();
    put("mods/same", content);
    FileTime before = Files.getLastModifiedTime(root().resolve("mods/same"));
    receive(ConflictPolicy.RENAME);
    assertThat(tree()).isEqualTo(expected());
    assertThat(Files.getLastModifiedTime(root().resolve("mods/same"))).isEqualTo(before);
    assertThat(share.reusedBytes()).isGreaterThanOrEqualTo(content.length);
  }

  @Test
  void aFileThatDiffersIsReplacedOnlyWhenThatIsThePolicy() throws Exception {
    made.file("map.zip", text("new")).file("log", text("new")).make();
    put("map.zip", text("old"));
    put("log", text("old"));
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThat(plan.totals().conflicts()).isEqualTo(2);
    assertThat(plan.entries(0, 10))
        .allMatch(planned -> planned.fate() == ReceivePlan.Fate.CONFLICT);
    accept(plan, ConflictPolicy.RENAME);
    fetch();
    assertThat(read("map.zip")).isEqualTo("old");
    assertThat(read("map (1).zip")).isEqualTo("new");
    assertThat(read("log (1)")).isEqualTo("new");
  }

  @Test
  void overwritingReplacesAndSkippingDoesNot() throws Exception {
    made.file("a", text("new a")).file("b", text("new b")).make();
    put("a", text("old a"));
    receive(ConflictPolicy.OVERWRITE);
    assertThat(read("a")).isEqualTo("new a");
    reopenAnew();
    put("a", text("mine again"));
    receive(ConflictPolicy.SKIP);
    assertThat(read("a")).isEqualTo("mine again");
    assertThat(read("b")).isEqualTo("new b");
  }

  @Test
  void whatTheSharerDoesNotHaveAnyMoreIsNotReceived() throws Exception {
    made.file("here", text("here")).file("gone", bytes(100)).gone.add("gone");
    made.make();
    receive(ConflictPolicy.SKIP);
    assertThat(finished).isEqualTo(new Finished(new FileSum(1, 4), 0, 1, List.of("gone")));
    assertThat(share.gone()).isEqualTo(new FileSum(1, 100));
  }

  @Test
  void whatIsLeftOutIsNotReceived() throws Exception {
    made.file("a", text("new")).file("b", text("new b")).file("unasked", text("c")).make();
    put("a", text("old a"));
    open();
    addListing();
    ListingPlan plan = plan(path -> !path.toString().equals("unasked"));
    assertThat(plan.totals().files()).isEqualTo(2);
    accept(plan, ConflictPolicy.SKIP);
    assertThat(plan.totals().files()).isEqualTo(1);
    assertThat(plan.totals().bytes()).isEqualTo(5);
    fetch();
    assertThat(finished).isEqualTo(new Finished(new FileSum(1, 5), 1, 0, List.of()));
  }

  @ParameterizedTest
  @CsvSource({"6, 1", "2, 2", "1, 5", "3, 4", "1, 100"})
  void ofAChangedFileOnlyWhatChangedIsFetched(int chunksPerPart, int parts) throws Exception {
    byte[] old = bytes(8_000_000);
    System.arraycopy(old, 0, old, 2_000_000, 1_000_000); // some chunks are there twice
    byte[] changed = old.clone();
    System.arraycopy(bytes(100_000), 0, changed, 6_000_000, 100_000);
    made.chunksPerSegment = chunksPerPart;
    made.partsPerSegment = parts;
    made.file("big", changed).make();
    put("big", old);
    begin(ConflictPolicy.OVERWRITE);
    int fetched = fetch();
    assertThat(tree()).isEqualTo(expected());
    assertThat(fetched).isBetween(1, 4);
  }

  @Test
  void onlyWhatIsAskedForIsReceivedAlsoWhenItsContentCameUnderAnotherName() throws Exception {
    byte[] shared = bytes(500_000);
    made.chunksPerSegment = 1;
    made.file("unasked", join(shared, bytes(50_000))).file("asked", shared).make();
    open();
    addListing();
    ListingPlan plan = plan(path -> path.toString().equals("asked"));
    assertThat(plan.totals().excluded()).isEqualTo(1);
    accept(plan, ConflictPolicy.SKIP);
    fetch();
    assertThat(tree().keySet()).containsExactly("asked");
    assertThat(Files.readAllBytes(root().resolve("asked"))).isEqualTo(shared);
  }

  @Test
  void whoBringsAChunkThatIsBeingWrittenWaitsUntilItIsThere() throws Exception {
    for (int i = 0; i < 40; i++) {
      made.file("file" + i, bytes(1_500_000));
    }
    made.make();
    begin(ConflictPolicy.SKIP);
    addAll();
    for (int entry = 0, ordinal = 0; entry < 40; entry++) {
      Path file = root().resolve("file" + entry);
      int end =
          database.content(entry, 0, 100).stream()
              .mapToInt(p -> (int) p.ordinal())
              .max()
              .orElseThrow();
      for (; ordinal < end; ordinal++) {
        write(ordinal);
      }
      int last = ordinal++;
      var both = new CyclicBarrier(2);
      Callable<Boolean> bring =
          () -> {
            both.await();
            write(last);
            return Files.exists(file);
          };
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Boolean> there : threads.invokeAll(List.of(bring, bring))) {
          assertThat(there.get()).isTrue();
        }
      }
    }
  }

  @Test
  void aFileIsNotTakenForWholeWhenAChunkComesTwiceSinceItWasLost() throws Exception {
    byte[] content = bytes(1_500_000);
    made.segmentPerFile = true;
    made.file("one", content);
    int chunks = chunksOf(content).size();
    made.file(
        "two", join(Arrays.copyOf(content, chunksOf(content).getFirst().length()), bytes(70_000)));
    made.make();
    begin(ConflictPolicy.SKIP);
    add();
    write(0);
    change(partial().resolve("0"), 10);
    int[] neededAgain = share.add(made.segments.get(added), made.read().get(added));
    added++;
    assertThat(neededAgain).contains(0);
    assertThat(share.isDone(0)).isFalse();
    write(0);
    for (int ordinal = 1; ordinal < chunks; ordinal++) {
      assertThat(root().resolve("one")).doesNotExist();
      write(ordinal);
    }
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aFileThatTheUserTookAwayDoesNotComeBackInParts() throws Exception {
    byte[] content = bytes(700_000);
    made.segmentPerFile = true;
    made.file("one", content).file("two", join(content, bytes(70_000))).make();
    begin(ConflictPolicy.SKIP);
    add();
    for (int ordinal = 0; ordinal < share.chunkCount(); ordinal++) {
      write(ordinal);
    }
    Files.delete(root().resolve("one"));
    fetch();
    made.files.remove("one");
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void anExistingFileThatIsChangedWhileItIsComparedDoesNotSpoilWhatComes() throws Exception {
    byte[] old = bytes(8_000_000);
    byte[] changed = old.clone();
    System.arraycopy(bytes(100_000), 0, changed, 7_000_000, 100_000);
    made.chunksPerSegment = 6;
    made.file("big", changed).make();
    put("big", old);
    begin(ConflictPolicy.OVERWRITE);
    add();
    add();
    local.known.clear();
    change(root().resolve("big"), 10);
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void whatTheUserPutsInAPlaceMeanwhileStays() throws Exception {
    made.file("a.txt", text("theirs")).make();
    begin(ConflictPolicy.OVERWRITE);
    addAll();
    put("a.txt", text("mine"));
    write(0);
    assertThat(read("a.txt")).isEqualTo("mine");
    assertThat(read("a (1).txt")).isEqualTo("theirs");
  }

  @Test
  void directoriesThatTheUserRemovesAreMadeAgain() throws Exception {
    made.file("mods/a", text("a")).file("mods/b", text("b")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    Files.delete(root().resolve("mods/a"));
    Files.delete(root().resolve("mods"));
    write(1);
    assertThat(read("mods/b")).isEqualTo("b");
  }

  @Test
  void nothingIsWrittenAfterSomethingCouldNotBe() throws Exception {
    made.file("mods/a", text("a")).file("b", text("b")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    put("mods", text("in the way"));
    assertThatThrownBy(() -> share.write(0, made.chunks.get(0), 0, 1))
        .hasMessageContaining("is in the way");
    assertThatThrownBy(() -> share.write(1, made.chunks.get(1), 0, 1))
        .hasMessageContaining("something before could not be written");
    assertThat(root().resolve("b")).doesNotExist();
  }

  @Test
  void whatHasChangedSinceItWasReceivedIsNotGivenToOthers() throws Exception {
    made.file("one", bytes(900_000)).make();
    receive(ConflictPolicy.SKIP);
    change(root().resolve("one"), 10);
    byte[] into = new byte[Chunk.MAX_BYTES];
    assertThatThrownBy(() -> share.read(0, into, 0)).isInstanceOf(ChunkUnavailableException.class);
    assertThat(share.read(1, into, 0)).isEqualTo(made.chunks.get(1).length);
  }

  @Test
  void anEmptyDirectoryWhoseNameIsTakenByAFileIsRefusedBeforeAnythingIsWritten() throws Exception {
    made.file("a", text("a")).directory("maps").make();
    put("maps", text("a file"));
    open();
    addListing();
    assertThatThrownBy(() -> plan(_ -> true)).hasMessageContaining("is a file");
  }

  @Test
  void whatHasItsNameIsLearntWithoutBeingRead() throws Exception {
    byte[] big = bytes(3_000_000);
    made.file("small", text("small")).file("mods/big", big).make();
    receive(ConflictPolicy.SKIP);
    assertThat(local.learnt.get(root().resolve("mods/big"))).isEqualTo(chunksOf(big));
    assertThat(local.learnt.get(root().resolve("small"))).isEqualTo(chunksOf(text("small")));
  }

  @Test
  void whatIsHereCanBeReadForOthers() throws Exception {
    made.file("one", bytes(900_000)).file("two", text("2")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    byte[] into = new byte[Chunk.MAX_BYTES];
    assertThatThrownBy(() -> share.read(0, into, 0)).isInstanceOf(IOException.class);
    for (int ordinal : ordinals()) {
      write(ordinal);
      byte[] expected = made.chunks.get(ordinal);
      assertThat(share.read(ordinal, into, 0)).isEqualTo(expected.length);
      assertThat(Arrays.copyOf(into, expected.length)).isEqualTo(expected);
    }
  }
}
