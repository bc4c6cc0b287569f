package dev.warren.libp2p.dht.routing;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What is looked for: the id of a peer, or the bytes that a record is stored under; and its place.
 * Peers are asked for the former, since they hash it themselves.
 */
public final class Target {
  /**
   * Longest that a peer has to accept; keys of provider records end at {@value #MAX_HASH_BYTES}.
   */
  public static final int MAX_BYTES = 1024;

  /** Longest key of a provider record (IPFS kad-dht, "Content Provider Advertisement"). */
  public static final int MAX_HASH_BYTES = 80;

  private final byte[] bytes;
  private final Key key;

  private Target(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a key has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
    }
    this.bytes = bytes;
    this.key = Key.of(bytes);
  }

  /** A copy of the bytes. */
  public static Target of(byte[] bytes) {
    return new Target(bytes.clone());
  }

  /** A peer. */
  public static Target of(PeerId peer) {
    return new Target(peer.toBytes());
  }

  /** What providers are found by: the hash in a CID, without the rest of it. */
  public static Target of(Multihash hash) {
    return new Target(hash.toBytes());
  }

  /** The key of a value, such as {@code /pk/} and the id of a peer. */
  public static Target ofValue(String namespace, byte[] rest) {
    byte[] prefix = ("/" + namespace + "/").getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[prefix.length + rest.length];
    System.arraycopy(prefix, 0, bytes, 0, prefix.length);
    System.arraycopy(rest, 0, bytes, prefix.length, rest.length);
    return new Target(bytes);
  }

  /**
   * Something that shares a prefix of just this length with the key, in the form of a peer's id,
   * which is what peers expect to be asked for. Found by trying, {@code 2^(depth + 1)} times on
   * average.
   */
  public static Target atDepth(Key key, int depth, RandomGenerator random) {
    return seek(random, candidate -> key.commonPrefixLength(candidate) == depth);
  }

  /** Something that shares a prefix of at least this length with the key; as {@link #atDepth}. */
  public static Target within(Key key, int prefixLength, RandomGenerator random) {
    return seek(random, candidate -> key.commonPrefixLength(candidate) >= prefixLength);
  }

  private static Target seek(RandomGenerator random, Predicate<Key> wanted) {
    byte[] digest = new byte[Key.BYTES];
    while (true) {
      random.nextBytes(digest);
      Target target = of(Multihash.of(Multihash.SHA2_256, digest));
      if (wanted.test(target.key)) {
        return target;
      }
    }
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** How many bytes there are. */
  public int length() {
    return bytes.length;
  }

  /** The hash of the bytes. */
  public Key key() {
    return key;
  }

  /** Whose hashes are equal are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Target that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
