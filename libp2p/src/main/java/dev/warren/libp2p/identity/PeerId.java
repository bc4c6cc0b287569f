package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.Cid;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multibase;
import dev.warren.libp2p.multiformats.Multihash;
import java.util.Arrays;
import java.util.Optional;

/**
 * The name of a peer: the multihash of its public key (specs, peer-ids, "Peer Ids").
 *
 * <p>A short key is in the id itself, under the identity "hash"; of a longer one there is the
 * SHA-256. Nothing else is an id. Ids are ordered by their bytes, which says nothing about the
 * peers but is the same everywhere.
 */
public final class PeerId implements Comparable<PeerId> {
  /** Encoded keys up to this length are in the id itself. */
  private static final int MAX_INLINE_KEY_BYTES = 42;

  private static final int SHA_256_BYTES = 32;

  /** Code and length take a byte each. */
  private static final int MAX_BYTES = 2 + MAX_INLINE_KEY_BYTES;

  /** More than any base needs that anybody writes ids in. */
  private static final int MAX_TEXT_CHARS = 128;

  private final byte[] bytes;
  private final int hash;

  private PeerId(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  public static PeerId of(PublicKey key) {
    return key.peerId();
  }

  static PeerId ofEncodedKey(byte[] key) {
    Multihash hash =
        key.length <= MAX_INLINE_KEY_BYTES ? Multihash.identity(key) : Multihash.sha256(key);
    return new PeerId(hash.toBytes());
  }

  /**
   * Reads an id in either text form: bare base58 as in {@code 12D3KooW…} and {@code Qm…}, or a CID
   * in any multibase.
   *
   * @throws MalformedException if the text is neither
   */
  public static PeerId parse(String text) {
    if (text.length() > MAX_TEXT_CHARS) {
      throw new MalformedException("peer id of " + text.length() + " characters");
    }
    if (text.startsWith("1") || text.startsWith("Qm")) {
      return fromBytes(Multibase.BASE58BTC.decodeBare(text));
    }
    Cid cid = Cid.parse(text);
    if (cid.codec() != Cid.Codec.LIBP2P_KEY) {
      throw new MalformedException("CID of something other than a peer's key: " + text);
    }
    return fromBytes(cid.multihash().toBytes());
  }

  /**
   * Reads an id as it goes over the wire.
   *
   * @throws MalformedException if the bytes are not a multihash, or of a kind that no key has
   */
  public static PeerId fromBytes(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedException("peer id of " + bytes.length + " bytes");
    }
    Multihash hash = Multihash.fromBytes(bytes);
    boolean known =
        hash.code() == Multihash.IDENTITY
            || (hash.code() == Multihash.SHA2_256 && hash.digestLength() == SHA_256_BYTES);
    if (!known) {
      throw new MalformedException(
          "peer id with hash 0x%x of %d bytes".formatted(hash.code(), hash.digestLength()));
    }
    return new PeerId(hash.toBytes());
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Whether the key is the one that this id is made of. */
  public boolean matches(PublicKey key) {
    return equals(key.peerId());
  }

  /**
   * The key, when the id has it in itself. Empty for a hashed key, and for bytes that are no key or
   * a key in some other encoding: no peer can ever prove to own such an id.
   */
  public Optional<PublicKey> inlineKey() {
    Multihash multihash = Multihash.fromBytes(bytes);
    if (multihash.code() != Multihash.IDENTITY) {
      return Optional.empty();
    }
    try {
      return Optional.of(PublicKey.fromProtobuf(multihash.digest())).filter(this::matches);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** The newer text form, {@code bafz…}: a CID in base 32, for where a CID is asked for. */
  public String toCid() {
    return Cid.v1(Cid.Codec.LIBP2P_KEY, Multihash.fromBytes(bytes)).toString();
  }

  /** The text form that every implementation shows, {@code 12D3KooW…} or {@code Qm…}. */
  @Override
  public String toString() {
    return Multibase.BASE58BTC.encodeBare(bytes);
  }

  @Override
  public int compareTo(PeerId other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
