package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what others store here. Bounded: what is added may be refused, or push out something else.
 *
 * <p>When it is full, what is farthest from the node's own key goes first: others are nearer to it
 * and have it too. So a flood of keys from anywhere takes nothing from those that this node is
 * there for. No single peer can fill the store either.
 *
 * <p>May be called from any thread. What a store answers may be too old; who asks looks at the
 * times.
 */
public interface RecordStore {
  /** How much is in a store. */
  record Size(int providers, int values) {}

  /**
   * How much a store may hold.
   *
   * @param providers provider records in all
   * @param providersPerKey who said so longest ago gives way
   * @param providersPerPeer records of one peer; further ones are refused
   * @param values values in all, of up to 10 KiB each
   */
  record Limits(int providers, int providersPerKey, int providersPerPeer, int values) {
    /** Some 100 MB when full of the largest. */
    public static final Limits DEFAULT = new Limits(100_000, 256, 10_000, 2_000);
  }

  /**
   * Keeps that a peer provides this, in place of what the same peer said before.
   *
   * @return whether it is kept
   */
  boolean addProvider(Target key, ProviderRecord record);

  /** Who provides this; any of them if there are more than asked for. */
  List<ProviderRecord> providers(Target key, int max);

  /**
   * Keeps a value that has been validated, in place of the one before.
   *
   * @return whether it is kept
   */
  boolean putValue(Target key, ValueRecord record);

  /** The value under this key. */
  Optional<ValueRecord> value(Target key);

  /** Deletes what has come to its end. */
  void deleteExpired(Instant now);

  /** How much there is. */
  Size size();
}
