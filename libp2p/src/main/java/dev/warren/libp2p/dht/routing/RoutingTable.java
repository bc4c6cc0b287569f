package dev.warren.libp2p.dht.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The peers that a node knows: for each length of prefix that a key may share with the node's own,
 * a bucket of at most k peers (libp2p/specs kad-dht, "Kademlia routing table").
 *
 * <p>Who has been here longest stays, since who has been up for long is likely to stay up. A peer
 * that fails once is no longer handed to others and gives way to the next that comes; it is
 * forgotten when it fails again after somebody else has answered, so that a node that was cut off
 * the network does not come back with an empty table. Those that find their bucket full wait for a
 * place. No more than a few peers of one {@link IpGroups group of addresses} are let in.
 *
 * <p>Belongs to one thread at a time. Times are nanoseconds of any one clock.
 */
public final class RoutingTable {
  /**
   * @param bucketSize the k of Kademlia
   * @param waiting how many wait for a place in each bucket
   * @param perGroup how many of one IP group are in the table
   * @param perGroupAndBucket how many of one IP group are in one bucket
   */
  public record Settings(int bucketSize, int waiting, int perGroup, int perGroupAndBucket) {
    /** For the open internet. */
    public static final Settings DIVERSE = new Settings(20, 10, 3, 2);

    /** For where all addresses are alike. */
    public static final Settings PLAIN = new Settings(20, 10, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private static final long NEVER = Long.MIN_VALUE;

  private final Key self;
  private final Settings settings;

  /** By the length of the prefix that their peers share with self; as long as it has to be. */
  private final List<Bucket> buckets = new ArrayList<>();

  private final Map<Long, Integer> groups = new HashMap<>();
  private long lastAnswerNanos = NEVER;
  private int size;

  public RoutingTable(Key self, Settings settings) {
    this.self = self;
    this.settings = settings;
  }

  /** The number of peers in the table. */
  public int size() {
    return size;
  }

  /** Whether the peer is not here yet and there may be a place for it, now or later. */
  public boolean wants(Contact contact) {
    return !contact.key().equals(self)
        && bucket(contact.key()).map(bucket -> bucket.wants(contact.key(), settings)).orElse(true)
        && isDiverse(IpGroups.of(contact.addresses()), depth(contact.key()));
  }

  /**
   * Takes in a peer that has just answered, or notes that it has and where it was.
   *
   * @return whether it is in the table now
   */
  public boolean answered(Contact contact, long nowNanos) {
    if (contact.key().equals(self)) {
      return false;
    }
    lastAnswerNanos = nowNanos;
    return add(new Entry(contact, nowNanos));
  }

  /** Takes in a peer that was known at an earlier time; whether it is still there is to be seen. */
  public void restore(Contact contact, long nowNanos) {
    if (wants(contact)) {
      var entry = new Entry(contact, nowNanos);
      entry.heardNanos = NEVER;
      add(entry);
    }
  }

  /** Notes that the peer did not answer. */
  public void failed(Key key, long nowNanos) {
    Bucket bucket = bucket(key).orElse(null);
    if (bucket == null) {
      return;
    }
    bucket.waiting.removeIf(entry -> entry.contact.key().equals(key));
    Entry entry = bucket.find(key).orElse(null);
    if (entry == null) {
      return;
    }
    boolean othersAnswer = entry.isDoubtful() && lastAnswerNanos > entry.failedNanos;
    if (!entry.isDoubtful()) {
      entry.failedNanos = nowNanos;
    }
    if (othersAnswer || !bucket.waiting.isEmpty()) {
      remove(bucket, entry);
    }
  }

  /** Forgets a peer that serves no longer. */
  public void remove(Key key) {
    bucket(key)
        .ifPresent(
            bucket -> {
              bucket.waiting.removeIf(entry -> entry.contact.key().equals(key));
              bucket.find(key).ifPresent(entry -> remove(bucket, entry));
            });
  }

  /** The peer, when it is in the table. */
  public Optional<Contact> find(Key key) {
    return bucket(key).flatMap(bucket -> bucket.find(key)).map(entry -> entry.contact);
  }

  /** Those nearest to the target of all that can be expected to answer, nearest first. */
  public List<Contact> closest(Key target, int count) {
    var nearest = new ArrayList<Contact>(count + settings.bucketSize());
    int depth = Math.min(depth(target), buckets.size() - 1);
    // Whoever shares more bits with the target is nearer: first those that differ from self where
    // the target does, then all that differ only behind that, then those that differ before.
    take(depth, depth + 1, target, nearest);
    if (nearest.size() < count) {
      take(depth + 1, buckets.size(), target, nearest);
    }
    for (int i = depth - 1; i >= 0 && nearest.size() < count; i--) {
      take(i, i + 1, target, nearest);
    }
    return nearest.size() <= count ? nearest : nearest.subList(0, count);
  }

  private void take(int from, int to, Key target, List<Contact> nearest) {
    int before = nearest.size();
    for (int i = Math.max(0, from); i < to; i++) {
      for (Entry entry : buckets.get(i).entries) {
        if (!entry.isDoubtful()) {
          nearest.add(entry.contact);
        }
      }
    }
    nearest
        .subList(before, nearest.size())
        .sort((one, other) -> target.compareDistances(one.key(), other.key()));
  }

  /** Everybody in the table, those that have been here longest first within each bucket. */
  public List<Contact> contacts() {
    return entries().map(entry -> entry.contact).toList();
  }

  /** Those that have not been heard of since, or have failed. */
  public List<Contact> unheardSince(long nanos) {
    return entries()
        .filter(entry -> entry.isDoubtful() || entry.heardNanos < nanos)
        .map(entry -> entry.contact)
        .toList();
  }

  /** The length of the longest prefix that any peer in the table shares with self. */
  public OptionalInt deepest() {
    for (int i = buckets.size() - 1; i >= 0; i--) {
      if (!buckets.get(i).entries.isEmpty()) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** How many peers share a prefix of just this length with self. */
  public int sizeAt(int depth) {
    return depth < buckets.size() ? buckets.get(depth).entries.size() : 0;
  }

  private Stream<Entry> entries() {
    return buckets.stream().flatMap(bucket -> bucket.entries.stream());
  }

  private int depth(Key key) {
    return self.commonPrefixLength(key);
  }

  private Optional<Bucket> bucket(Key key) {
    int depth = depth(key);
    return depth < buckets.size() ? Optional.of(buckets.get(depth)) : Optional.empty();
  }

  private boolean add(Entry entry) {
    int depth = depth(entry.contact.key());
    while (buckets.size() <= depth) {
      buckets.add(new Bucket());
    }
    Bucket bucket = buckets.get(depth);
    Optional<Entry> present = bucket.find(entry.contact.key());
    if (present.isPresent()) {
      return refresh(bucket, present.get(), entry);
    }
    if (!isDiverse(entry.groups, depth)) {
      return false;
    }
    if (bucket.entries.size() >= settings.bucketSize()) {
      Optional<Entry> doubtful = bucket.entries.stream().filter(Entry::isDoubtful).findFirst();
      if (doubtful.isEmpty()) {
        await(bucket, entry);
        return false;
      }
      leave(bucket, doubtful.get());
    }
    enter(bucket, bucket.entries.size(), entry);
    return true;
  }

  /** Keeps the place of a peer, unless it has moved to where there are too many others. */
  private boolean refresh(Bucket bucket, Entry present, Entry now) {
    present.heardNanos = Math.max(present.heardNanos, now.heardNanos);
    present.failedNanos = NEVER;
    if (now.contact.addresses().isEmpty()) {
      return true;
    }
    if (Arrays.equals(present.groups, now.groups)) {
      present.contact = now.contact;
      return true;
    }
    int place = bucket.entries.indexOf(present);
    leave(bucket, present);
    if (!isDiverse(now.groups, depth(now.contact.key()))) {
      promote(bucket);
      return false;
    }
    now.heardNanos = present.heardNanos;
    enter(bucket, place, now);
    return true;
  }

  /** The newest wait: the others have most likely been away for longer. */
  private void await(Bucket bucket, Entry entry) {
    bucket.waiting.removeIf(other -> other.contact.key().equals(entry.contact.key()));
    if (bucket.waiting.size() >= settings.waiting()) {
      bucket.waiting.removeFirst();
    }
    bucket.waiting.add(entry);
  }

  private void remove(Bucket bucket, Entry entry) {
    leave(bucket, entry);
    promote(bucket);
  }

  private void promote(Bucket bucket) {
    while (!bucket.waiting.isEmpty() && bucket.entries.size() < settings.bucketSize()) {
      Entry next = bucket.waiting.removeLast();
      if (isDiverse(next.groups, depth(next.contact.key()))) {
        enter(bucket, bucket.entries.size(), next);
      }
    }
  }

  private void enter(Bucket bucket, int place, Entry entry) {
    bucket.entries.add(place, entry);
    count(entry.groups, 1);
    size++;
  }

  private void leave(Bucket bucket, Entry entry) {
    bucket.entries.remove(entry);
    count(entry.groups, -1);
    size--;
  }

  private void count(long[] ofGroups, int change) {
    for (long group : ofGroups) {
      groups.merge(group, change, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  private boolean isDiverse(long[] ofGroups, int depth) {
    for (long group : ofGroups) {
      int inBucket = depth < buckets.size() ? buckets.get(depth).countOf(group) : 0;
      if (inBucket >= settings.perGroupAndBucket()
          || groups.getOrDefault(group, 0) >= settings.perGroup()) {
        return false;
      }
    }
    return true;
  }

  /** Peers of one depth, and those that would be; both from the oldest to the newest. */
  private static final class Bucket {
    final ArrayList<Entry> entries = new ArrayList<>(0);
    final ArrayList<Entry> waiting = new ArrayList<>(0);

    Optional<Entry> find(Key key) {
      for (Entry entry : entries) {
        if (entry.contact.key().equals(key)) {
          return Optional.of(entry);
        }
      }
      return Optional.empty();
    }

    boolean wants(Key key, Settings settings) {
      return find(key).isEmpty()
          && waiting.stream().noneMatch(entry -> entry.contact.key().equals(key))
          && (waiting.size() < settings.waiting() || entries.stream().anyMatch(Entry::isDoubtful));
    }

    int countOf(long group) {
      int count = 0;
      for (Entry entry : entries) {
        if (Arrays.stream(entry.groups).anyMatch(each -> each == group)) {
          count++;
        }
      }
      return count;
    }
  }

  private static final class Entry {
    Contact contact;
    long[] groups;
    long heardNanos;
    long failedNanos = NEVER;

    Entry(Contact contact, long heardNanos) {
      this.contact = contact;
      this.groups = IpGroups.of(contact.addresses());
      this.heardNanos = heardNanos;
    }

    boolean isDoubtful() {
      return failedNanos != NEVER;
    }
  }
}
