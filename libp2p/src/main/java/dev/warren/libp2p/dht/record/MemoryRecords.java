package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** Records in memory, gone with the process. */
public final class MemoryRecords implements RecordStore {
  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock. Nearest first; those of a key from the oldest to the newest.
  private final NavigableMap<Key, SequencedMap<PeerId, ProviderRecord>> providers;
  private final NavigableMap<Key, ValueRecord> values;
  private final Map<PeerId, Integer> perPeer = new HashMap<>();
  private int providerCount;

  /**
   * @param self the key of the node
   */
  public MemoryRecords(Key self, Limits limits) {
    this.limits = limits;
    this.providers = new TreeMap<>(self::compareDistances);
    this.values = new TreeMap<>(self::compareDistances);
  }

  @Override
  public boolean addProvider(Target key, ProviderRecord record) {
    lock.lock();
    try {
      var ofKey = providers.computeIfAbsent(key.key(), _ -> new LinkedHashMap<>());
      if (ofKey.remove(record.peer()) != null) {
        forget(record.peer());
      }
      if (perPeer.getOrDefault(record.peer(), 0) >= limits.providersPerPeer()) {
        removeIfEmpty(key.key());
        return false;
      }
      ofKey.putLast(record.peer(), record);
      perPeer.merge(record.peer(), 1, Integer::sum);
      providerCount++;
      if (ofKey.size() > limits.providersPerKey()) {
        forget(ofKey.pollFirstEntry().getKey());
      }
      if (providerCount > limits.providers()) {
        dropFarthestProvider();
      }
      return providers.getOrDefault(key.key(), new LinkedHashMap<>()).containsKey(record.peer());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ProviderRecord> providers(Target key, int max) {
    lock.lock();
    try {
      var ofKey = providers.get(key.key());
      if (ofKey == null) {
        return List.of();
      }
      var all = new ArrayList<>(ofKey.values());
      Collections.shuffle(all); // whoever asks several nodes gets to know more of them
      return all.size() <= max ? all : List.copyOf(all.subList(0, max));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean putValue(Target key, ValueRecord record) {
    lock.lock();
    try {
      values.put(key.key(), record);
      if (values.size() > limits.values()) {
        values.pollLastEntry();
      }
      return values.containsKey(key.key());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<ValueRecord> value(Target key) {
    lock.lock();
    try {
      return Optional.ofNullable(values.get(key.key()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void deleteExpired(Instant now) {
    lock.lock();
    try {
      values.values().removeIf(record -> !record.isValid(now));
      for (var ofKey : providers.values()) {
        ofKey.values().removeIf(record -> isPast(record, now));
      }
      providers.values().removeIf(Map::isEmpty);
    } finally {
      lock.unlock();
    }
  }

  private boolean isPast(ProviderRecord record, Instant now) {
    if (record.isValid(now)) {
      return false;
    }
    forget(record.peer());
    return true;
  }

  @Override
  public Size size() {
    lock.lock();
    try {
      return new Size(providerCount, values.size());
    } finally {
      lock.unlock();
    }
  }

  private void dropFarthestProvider() {
    var farthest = providers.lastEntry();
    forget(farthest.getValue().pollFirstEntry().getKey());
    removeIfEmpty(farthest.getKey());
  }

  private void removeIfEmpty(Key key) {
    if (providers.get(key).isEmpty()) {
      providers.remove(key);
    }
  }

  /** Counts one record less. */
  private void forget(PeerId peer) {
    providerCount--;
    perPeer.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
  }
}
