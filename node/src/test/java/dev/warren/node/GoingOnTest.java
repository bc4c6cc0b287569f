package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of a transfer that was cut off. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class GoingOnTest {
  private static final int LARGE_BYTES = 3 << 20;

  @TempDir private Path directory;

  private MemoryNodes nodes;
  private Path mods;
  private Path got;
  private String code;

  @BeforeEach
  void share() throws Exception {
    mods = Files.createDirectories(directory.resolve("mods"));
    got = directory.resolve("got");
    byte[] large = new byte[LARGE_BYTES];
    new Random(1).nextBytes(large);
    Files.write(mods.resolve("large.bin"), large);
    Files.writeString(mods.resolve("readme.txt"), "read me");
    nodes = new MemoryNodes(directory);
    code = nodes.start("a").share(ShareOptions.of(mods)).codes().shortest();
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void whatWasBegunWithAPatternGoesOnWithThatAlone() throws Exception {
    cutOff(options().only(List.of("large.bin")));
    Node node = nodes.start("b");
    assertThatThrownBy(node.receive(options())::await)
        .isInstanceOfSatisfying(
            BegunOtherwiseException.class, e -> assertThat(e.only()).containsExactly("large.bin"));

    Received rest = node.receive(options().only(List.of("large.bin"))).await();
    assertThat(rest.receivedBytes()).isLessThan(LARGE_BYTES);
    assertThat(got.resolve("mods/readme.txt")).doesNotExist();

    node.receive(options()).await();
    assertThat(MemoryNodes.contentOf(got.resolve("mods"))).isEqualTo(MemoryNodes.contentOf(mods));
  }

  @Test
  void whatIsLeftOutDoesNotCountAsProgress() throws Exception {
    cutOff(options().only(List.of("large.bin")));
    Receiving receiving =
        nodes
            .start("b")
            .receive(
                options()
                    .only(List.of("large.bin"))
                    .limitDown(1 << 20)
                    .consent(ReceivePlan::decidedBefore));
    awaitSomething(receiving);
    assertThat(receiving.progress().doneBytes()).isBetween(1L, LARGE_BYTES - 1L);
    receiving.await();
    assertThat(receiving.progress().doneBytes()).isEqualTo(LARGE_BYTES);
  }

  @Test
  void whatWasDecidedAboutFilesInTheWayHoldsToTheEnd() throws Exception {
    Path inTheWay = Files.createDirectories(got.resolve("mods")).resolve("large.bin");
    Files.writeString(inTheWay, "mine");
    cutOff(options().consent(Consent.to(ConflictPolicy.OVERWRITE)));
    Node node = nodes.start("b");
    assertThatThrownBy(node.receive(options().consent(Consent.to(ConflictPolicy.SKIP)))::await)
        .isInstanceOfSatisfying(
            BegunOtherwiseException.class,
            e -> assertThat(e.conflicts()).isEqualTo(ConflictPolicy.OVERWRITE));

    node.receive(options().consent(ReceivePlan::decidedBefore)).await();
    assertThat(MemoryNodes.contentOf(got.resolve("mods"))).isEqualTo(MemoryNodes.contentOf(mods));
  }

  @Test
  void whoOnlyLooksAtTheListLosesNothing() throws Exception {
    cutOff(options());
    Node node = nodes.start("b");
    for (List<String> only : List.of(List.<String>of(), List.of("readme.txt"))) {
      assertThatThrownBy(node.receive(options().only(only).consent(_ -> Optional.empty()))::await)
          .isInstanceOf(CancelledException.class);
    }
    Received rest = node.receive(options()).await();
    assertThat(rest.receivedBytes()).isLessThan(LARGE_BYTES);
    assertThat(MemoryNodes.contentOf(got.resolve("mods"))).isEqualTo(MemoryNodes.contentOf(mods));
  }

  private ReceiveOptions options() throws Exception {
    return ReceiveOptions.of(code).into(got);
  }

  /** Ends the process, so to speak, when some of it is here. */
  private void cutOff(ReceiveOptions options) throws IOException {
    try (Node node = nodes.start("b")) {
      awaitSomething(node.receive(options.limitDown(1 << 20)));
    }
  }

  private static void awaitSomething(Receiving receiving) {
    while (receiving.progress().doneBytes() == 0) {
      Thread.onSpinWait();
    }
  }
}
