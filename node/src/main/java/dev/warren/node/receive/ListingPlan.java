package dev.warren.node.receive;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.Caution;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.ReceivePlan;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * What receiving would do, for the user to agree to: made when the listing is whole, and before
 * anything is created.
 */
public final class ListingPlan implements ReceivePlan {
  private static final int PAGE = 1024;

  private static final int MAX_CAUTIONED = 20;

  /** What a file system says of times may be as coarse as this. */
  private static final long SAME_TIME_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ReceivedShare share;
  private final String name;
  private final String description;
  private final PeerId sharer;
  private final Predicate<EntryPath> only;
  private final Optional<ConflictPolicy> decidedBefore;

  /** The last directory that, with all above it, was found to be one or not to be there. */
  private Path checked;

  private long entries;
  private long files;
  private long bytes;
  private long newFiles;
  private long conflicts;
  private long same;
  private long sameBytes;
  private long excluded;
  private final Map<Caution, Long> cautions = new EnumMap<>(Caution.class);
  private final List<Planned> cautioned = new ArrayList<>();

  private ListingPlan(
      ReceivedShare share,
      String name,
      String description,
      PeerId sharer,
      Predicate<EntryPath> only,
      Optional<ConflictPolicy> decidedBefore) {
    this.share = share;
    this.name = name;
    this.description = description;
    this.sharer = sharer;
    this.only = only;
    this.decidedBefore = decidedBefore;
    checked = share.destination().root();
  }

  /**
   * Plans to receive what of a whole listing is asked for.
   *
   * @param decidedBefore what to do about files in the way, if it goes on from what is here
   * @throws IOException if the listing cannot be put where it is to go, saying why
   */
  public static ListingPlan of(
      ReceivedShare share,
      String name,
      String description,
      PeerId sharer,
      Predicate<EntryPath> only,
      Optional<ConflictPolicy> decidedBefore)
      throws IOException {
    ListingPlan plan = new ListingPlan(share, name, description, sharer, only, decidedBefore);
    ShareDatabase database = share.database();
    for (long first = 0; first < plan.size(); first += PAGE) {
      for (StoredEntry stored : database.entries(first, PAGE)) {
        plan.count(stored);
      }
    }
    return plan;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public PeerId sharer() {
    return sharer;
  }

  @Override
  public Optional<ConflictPolicy> decidedBefore() {
    return decidedBefore;
  }

  @Override
  public Totals totals() {
    return new Totals(
        entries,
        files,
        bytes,
        newFiles,
        conflicts,
        same,
        excluded,
        cautions,
        bytes - sameBytes,
        freeBytes());
  }

  @Override
  public List<Planned> cautioned() {
    return List.copyOf(cautioned);
  }

  @Override
  public long size() {
    return share.database().totals().entries();
  }

  @Override
  public List<Planned> entries(long first, int count) throws IOException {
    List<Planned> planned = new ArrayList<>();
    for (StoredEntry stored : share.database().entries(first, count)) {
      planned.add(new Planned(stored.entry(), fateOf(stored)));
    }
    return planned;
  }

  private long freeBytes() {
    Path there = share.destination().root();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE; // it is not known that there is too little
    }
  }

  /**
   * Agrees to it: marks what becomes of each entry. What is left out now counts no more.
   *
   * @param hashed is told of bytes of existing files, which are read to be compared
   */
  public void accept(ConflictPolicy policy, LongConsumer hashed) throws IOException {
    ShareDatabase database = share.database();
    for (long first = 0; first < size(); first += PAGE) {
      Map<EntryState, List<Long>> changed = new EnumMap<>(EntryState.class);
      for (StoredEntry stored : database.entries(first, PAGE)) {
        EntryState state = stateOf(stored, policy, hashed);
        if (state == EntryState.SKIPPED) {
          entries--;
          files -= stored.entry() instanceof Entry.File ? 1 : 0;
          bytes -= FileFiller.sizeOf(stored);
        }
        if (state.number() != stored.state()) {
          changed.computeIfAbsent(state, _ -> new ArrayList<>()).add(stored.number());
        }
      }
      for (Map.Entry<EntryState, List<Long>> some : changed.entrySet()) {
        database.setState(some.getKey().number(), numbers(some.getValue()));
      }
    }
  }

  private EntryState stateOf(StoredEntry stored, ConflictPolicy policy, LongConsumer hashed)
      throws IOException {
    Fate fate = fateOf(stored);
    if (fate == Fate.EXCLUDED) {
      return EntryState.EXCLUDED;
    }
    if (fate == Fate.NEW || stored.entry() instanceof Entry.Directory) {
      return EntryState.WANTED;
    }
    Path path = share.destination().pathOf(stored);
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      var _ = share.local().look(path, hashed);
    }
    return switch (policy) {
      case OVERWRITE -> {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(
              "'%s' is a directory here: nothing else can replace it".formatted(path));
        }
        yield EntryState.REPLACING; // also what looks the same
      }
      case RENAME -> EntryState.WANTED;
      case SKIP -> fate == Fate.CONFLICT ? EntryState.SKIPPED : EntryState.WANTED;
    };
  }

  private void count(StoredEntry stored) throws IOException {
    if (wasLeftOut(stored)) {
      return;
    }
    Fate fate = fateOf(stored);
    if (fate == Fate.EXCLUDED) {
      excluded++;
      return;
    }
    Path path = share.destination().pathOf(stored);
    checkParents(stored.entry() instanceof Entry.Directory ? path : path.getParent());
    entries++;
    conflicts += fate == Fate.CONFLICT ? 1 : 0;
    Set<Caution> reasons = Caution.of(stored.entry());
    reasons.forEach(reason -> cautions.merge(reason, 1L, Long::sum));
    if (!reasons.isEmpty() && cautioned.size() < MAX_CAUTIONED) {
      cautioned.add(new Planned(stored.entry(), fate));
    }
    if (stored.entry() instanceof Entry.File file) {
      files++;
      bytes += file.size();
      switch (fate) {
        case NEW -> newFiles++;
        case CONFLICT -> {}
        case SAME -> {
          same++;
          sameBytes += file.size();
        }
        case EXCLUDED -> throw new IllegalStateException();
      }
    }
  }

  /** Whether it was decided when this was begun, or turned out since, that it does not come. */
  private boolean wasLeftOut(StoredEntry stored) {
    EntryState state = EntryState.of(stored.state());
    return share.hasBegun() && (state == EntryState.SKIPPED || state == EntryState.GONE);
  }

  private Fate fateOf(StoredEntry stored) throws IOException {
    if (!only.test(stored.entry().path())) {
      return Fate.EXCLUDED;
    }
    Path path = share.destination().pathOf(stored);
    Optional<BasicFileAttributes> there = Destination.look(path);
    if (there.isEmpty()) {
      return Fate.NEW;
    }
    return switch (stored.entry()) {
      case Entry.File file -> looksTheSame(file, there.get()) ? Fate.SAME : Fate.CONFLICT;
      case Entry.Directory _ -> there.get().isDirectory() ? Fate.SAME : Fate.CONFLICT;
      case Entry.Link link ->
          Destination.leadsTo(path, Path.of(link.target().toString())) ? Fate.SAME : Fate.CONFLICT;
    };
  }

  /**
   * Nothing on the way to an entry may lead elsewhere, or be no directory. What is in a directory
   * is mostly listed in a row; a set of all directories might not fit into memory.
   */
  private void checkParents(Path directory) throws IOException {
    if (checked.startsWith(directory)) {
      return;
    }
    checkParents(directory.getParent());
    checked = directory;
    Optional<BasicFileAttributes> there = Destination.look(directory);
    if (there.isPresent() && !there.get().isDirectory()) {
      throw new IOException(
          there.get().isSymbolicLink()
              ? "'%s' is a link that leads elsewhere; receive into another directory"
                  .formatted(directory)
              : "'%s' is a file, and the share has a directory of that name".formatted(directory));
    }
  }

  private static boolean looksTheSame(Entry.File file, BasicFileAttributes there) {
    long modified = there.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    return there.isRegularFile()
        && there.size() == file.size()
        && Math.abs(modified - file.modifiedNanos()) < SAME_TIME_NANOS;
  }

  private static long[] numbers(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }
}
