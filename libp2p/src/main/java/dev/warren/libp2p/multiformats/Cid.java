package dev.warren.libp2p.multiformats;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A content identifier: which codec the content is in, and its hash. See multiformats/cid.
 *
 * <p>Version 0 is a bare SHA-256 multihash of dag-pb content and is written in base58btc alone,
 * version 1 names everything and is written in any multibase, base32 by default.
 */
public final class Cid {
  /** Codes of the codecs that libp2p and IPFS address most. */
  public static final class Codec {
    /** Bytes as they are. */
    public static final long RAW = 0x55;

    /** Merkle DAG nodes in protobuf. */
    public static final long DAG_PB = 0x70;

    /** A libp2p public key: the CID is a peer id. */
    public static final long LIBP2P_KEY = 0x72;

    private Codec() {}
  }

  private static final int V0_BYTES = 34;
  private static final int V0_CHARACTERS = 46;

  /** Version, codec and hash each as long as they can be. */
  private static final int MAX_BYTES = 3 * Varint.MAX_BYTES + 2 + Multihash.MAX_DIGEST_BYTES;

  /** Base 2 is the longest base. */
  private static final int MAX_CHARACTERS = 1 + 8 * MAX_BYTES;

  private final int version;
  private final long codec;
  private final Multihash multihash;

  private Cid(int version, long codec, Multihash multihash) {
    this.version = version;
    this.codec = codec;
    this.multihash = multihash;
  }

  /** A CID of version 0, whose hash has to be a whole SHA-256. */
  public static Cid v0(Multihash multihash) {
    if (multihash.code() != Multihash.SHA2_256 || multihash.digestLength() != 32) {
      throw new IllegalArgumentException("a CID of version 0 takes a SHA-256 hash alone");
    }
    return new Cid(0, Codec.DAG_PB, multihash);
  }

  /** A CID of version 1. */
  public static Cid v1(long codec, Multihash multihash) {
    if (codec < 0) {
      throw new IllegalArgumentException("a codec is not negative: " + codec);
    }
    return new Cid(1, codec, multihash);
  }

  /** Parses either version's text. */
  public static Cid parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new MalformedException(
          "%d characters are more than the %d of the longest CID"
              .formatted(text.length(), MAX_CHARACTERS));
    }
    if (text.length() == V0_CHARACTERS && text.startsWith("Qm")) {
      return fromBytes(Multibase.BASE58BTC.decodeBare(text));
    }
    byte[] bytes = Multibase.decode(text);
    if (bytes.length > 0 && bytes[0] == Multihash.SHA2_256) {
      throw new MalformedException("a CID of version 0 has no multibase prefix");
    }
    return fromBytes(bytes);
  }

  /** Reads a CID that takes all of the bytes. */
  public static Cid fromBytes(byte[] bytes) {
    if (bytes.length == V0_BYTES && bytes[0] == Multihash.SHA2_256 && bytes[1] == 32) {
      return v0(Multihash.fromBytes(bytes));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long version = Varint.read(in);
    if (version != 1) {
      throw new MalformedException("unknown CID version " + version);
    }
    long codec = Varint.read(in);
    return v1(codec, Multihash.fromBytes(Arrays.copyOfRange(bytes, in.position(), bytes.length)));
  }

  /** 0 or 1. */
  public int version() {
    return version;
  }

  /** Code of the content's codec, one of {@link Codec} or any other. */
  public long codec() {
    return codec;
  }

  /** Hash of the content. */
  public Multihash multihash() {
    return multihash;
  }

  /** The binary form. */
  public byte[] toBytes() {
    byte[] hash = multihash.toBytes();
    if (version == 0) {
      return hash;
    }
    byte[] out = new byte[Varint.size(version) + Varint.size(codec) + hash.length];
    int at = Varint.write(codec, out, Varint.write(version, out, 0));
    System.arraycopy(hash, 0, out, at, hash.length);
    return out;
  }

  /** The text in the given base; version 0 knows base58btc alone and has no prefix. */
  public String toString(Multibase base) {
    if (version == 1) {
      return base.encode(toBytes());
    }
    if (base != Multibase.BASE58BTC) {
      throw new IllegalArgumentException("a CID of version 0 is not written in " + base);
    }
    return base.encodeBare(toBytes());
  }

  /** The text in base32, of version 0 in base58btc. */
  @Override
  public String toString() {
    return toString(version == 0 ? Multibase.BASE58BTC : Multibase.BASE32);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cid that
        && version == that.version
        && codec == that.codec
        && multihash.equals(that.multihash);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * version + Long.hashCode(codec)) + multihash.hashCode();
  }
}
