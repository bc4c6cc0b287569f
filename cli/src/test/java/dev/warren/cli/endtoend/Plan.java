package dev.warren.cli.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a round is about; all else of it follows from the seed.
 *
 * @param slow whether receivers hold back, so that the transfer takes seconds
 */
record Plan(long seed, List<Mishap> mishaps, int receivers, boolean slow) {
  private static final List<Mishap> COMMON =
      List.of(
          Mishap.KILL_SHARER,
          Mishap.KILL_RECEIVER,
          Mishap.INTERRUPT_RECEIVER,
          Mishap.CUT,
          Mishap.CORRUPT,
          Mishap.STALL,
          Mishap.LYING_SOURCE);

  /** Copies the list. */
  Plan {
    mishaps = List.copyOf(mishaps);
  }

  /** The round of a seed. */
  static Plan of(long seed) {
    var random = new SplittableRandom(seed); // seeds one after the other are as good as any
    boolean slow = random.nextInt(10) < 7;
    return switch (random.nextInt(12)) {
      case 0 -> new Plan(seed, List.of(Mishap.DISK_FULL), 1, slow);
      case 1 -> new Plan(seed, List.of(Mishap.SHARER_LEAVES, Mishap.CUT), 1, slow);
      case 2 -> new Plan(seed, List.of(Mishap.CHANGE_FILE, Mishap.KILL_RECEIVER), 2, slow);
      default -> {
        List<Mishap> mishaps = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
          mishaps.add(COMMON.get(random.nextInt(COMMON.size())));
        }
        yield new Plan(seed, mishaps, 1 + random.nextInt(3), slow);
      }
    };
  }
}
