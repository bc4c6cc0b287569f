package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.manifest.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a share would bring. Good for as long as the consent is being decided. */
public interface ReceivePlan {
  /** What becomes of an entry. */
  enum Fate {
    /** It will come. */
    NEW,
    /** Something different of that name is there. */
    CONFLICT,
    /** What is there looks the same and is compared, not fetched. */
    SAME,
    /** It was not asked for. */
    EXCLUDED
  }

  /** One entry, and what becomes of it. */
  record Planned(Entry entry, Fate fate) {}

  /**
   * Sums of what was asked for.
   *
   * @param entries files, directories and links
   * @param files those of them that are files
   * @param bytes of all files
   * @param newFiles files of which nothing is there
   * @param conflicts files and links where a different one is there
   * @param same files that look as if they were here already
   * @param excluded entries that were not asked for
   * @param cautions how many entries there are for each reason to look twice
   * @param neededBytes room that will be taken on the disk, at most
   * @param freeBytes room that there is
   */
  record Totals(
      long entries,
      long files,
      long bytes,
      long newFiles,
      long conflicts,
      long same,
      long excluded,
      Map<Caution, Long> cautions,
      long neededBytes,
      long freeBytes) {
    /** Copies the map. */
    public Totals {
      cautions = Map.copyOf(cautions);
    }
  }

  /** What the sharer calls it; safe to be shown. */
  String name();

  /** What the sharer has to say of it, may be empty; safe to be shown. */
  String description();

  /** Who shares. */
  PeerId sharer();

  /**
   * What was decided about files in the way when this was begun, if it goes on: that holds, and
   * nothing else may be decided.
   */
  Optional<ConflictPolicy> decidedBefore();

  /** The sums. */
  Totals totals();

  /** The first of those entries at which to look twice, 20 at most. */
  List<Planned> cautioned();

  /** The number of entries of the share, also of those that were not asked for. */
  long size();

  /** Some entries, from a number on, in the order of the share; fewer at the end. */
  List<Planned> entries(long first, int count) throws IOException;
}
