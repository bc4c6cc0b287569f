package dev.warren.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.cli.endtoend.Round.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Some rounds of {@code scripts/chaos}, by each of which something is sure to happen. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class ChaosIT {
  @TempDir private Path folder;

  // Each of these ends connections, after which a receiver may find the sharer past the faulty
  // relay:
  // a second mishap might never come.

  @Test
  void aReceiverThatIsKilledGoesOnWithWhatItHas() throws Exception {
    play(1, Mishap.KILL_RECEIVER);
  }

  @Test
  void aReceiverThatIsCutOffGoesOn() throws Exception {
    play(5, Mishap.CUT);
  }

  @Test
  void aSharerThatIsKilledGoesOnUnderItsCode() throws Exception {
    play(2, Mishap.KILL_SHARER);
  }

  @Test
  void whatIsChangedOnItsWayIsFetchedAgain() throws Exception {
    play(7, Mishap.CORRUPT);
  }

  @Test
  void aSourceThatLiesIsLeftForOneThatDoesNot() throws Exception {
    play(3, Mishap.LYING_SOURCE, Mishap.INTERRUPT_RECEIVER);
  }

  @Test
  void whenTheSharerLeavesTheRestComesFromOthers() throws Exception {
    play(4, Mishap.SHARER_LEAVES);
  }

  @Test
  void aFullDiskEndsInAClearErrorAndIsGoneOnFromWhenThereIsRoom() throws Exception {
    try (var probe =
        Namespace.make(Namespace.Kind.MOUNTS, "mount -t tmpfs tmpfs /mnt").orElse(null)) {
      assumeTrue(probe != null, "no small disk can be made here");
    }
    play(6, Mishap.DISK_FULL);
  }

  private void play(long seed, Mishap... mishaps) throws Exception {
    try (var round = new Round(new Plan(seed, List.of(mishaps), 1, true), folder)) {
      Result result = round.run();
      assertThat(result.mishaps()).containsOnlyKeys(Set.of(mishaps));
      assertThat(result.exitCodes()).containsOnly(0);
    }
  }
}
