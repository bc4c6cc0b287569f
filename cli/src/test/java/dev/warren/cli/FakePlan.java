package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.Caution;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.ReceivePlan;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a share would bring, as a test says. */
record FakePlan(
    List<Planned> planned,
    String description,
    long freeBytes,
    Optional<ConflictPolicy> decidedBefore)
    implements ReceivePlan {
  FakePlan(List<Planned> planned, String description, long freeBytes) {
    this(planned, description, freeBytes, Optional.empty());
  }

  /** Files of one KiB each that are not there yet. */
  static FakePlan of(String... paths) {
    return new FakePlan(
        Stream.of(paths).map(path -> new Planned(file(path), Fate.NEW)).toList(), "", 1L << 40);
  }

  /** Many of them. */
  static FakePlan ofMany(int count) {
    return of(
        IntStream.range(0, count).mapToObj("mods/map%04d.pak"::formatted).toArray(String[]::new));
  }

  /** The same, one more of which is this. */
  FakePlan and(String path, Fate fate) {
    var more = Stream.concat(planned.stream(), Stream.of(new Planned(file(path), fate))).toList();
    return new FakePlan(more, description, freeBytes);
  }

  FakePlan withDescription(String text) {
    return new FakePlan(planned, text, freeBytes);
  }

  FakePlan withFreeBytes(long bytes) {
    return new FakePlan(planned, description, bytes);
  }

  /** The same, which goes on from what is here. */
  FakePlan begunWith(ConflictPolicy policy) {
    return new FakePlan(planned, description, freeBytes, Optional.of(policy));
  }

  private static Entry file(String path) {
    try {
      return new Entry.File(EntryPath.parse(path), 1024, 0, false);
    } catch (HostileNameException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String name() {
    return "mods";
  }

  @Override
  public PeerId sharer() {
    return FakeNode.OTHER;
  }

  @Override
  public Totals totals() {
    Map<Caution, Long> cautions = new EnumMap<>(Caution.class);
    planned.forEach(
        it -> Caution.of(it.entry()).forEach(why -> cautions.merge(why, 1L, Long::sum)));
    long asked = planned.size() - count(Fate.EXCLUDED);
    return new Totals(
        asked,
        asked,
        asked * 1024,
        count(Fate.NEW),
        count(Fate.CONFLICT),
        count(Fate.SAME),
        count(Fate.EXCLUDED),
        cautions,
        asked * 1024,
        freeBytes);
  }

  private long count(Fate fate) {
    return planned.stream().filter(it -> it.fate() == fate).count();
  }

  @Override
  public List<Planned> cautioned() {
    return planned.stream().filter(it -> !Caution.of(it.entry()).isEmpty()).limit(20).toList();
  }

  @Override
  public long size() {
    return planned.size();
  }

  @Override
  public List<Planned> entries(long first, int count) {
    return planned.stream().skip(first).limit(count).toList();
  }
}
