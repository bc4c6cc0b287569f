package dev.warren.libp2p.multiformats;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A digest that says which function made it: the function's code, the digest's length, the digest.
 * See multiformats/multihash.
 *
 * <p>Any code is accepted, and digests may be cut; what a use demands, its own class checks.
 */
public final class Multihash {
  /** Code of the function that returns its input. */
  public static final long IDENTITY = 0x00;

  /** Code of SHA-256. */
  public static final long SHA2_256 = 0x12;

  /** Code of SHA-512. */
  public static final long SHA2_512 = 0x13;

  /** Longest digest; twice what the longest hash function in use yields. */
  public static final int MAX_DIGEST_BYTES = 128;

  private final long code;
  private final byte[] bytes;
  private final int digestOffset;

  private Multihash(long code, byte[] bytes, int digestOffset) {
    this.code = code;
    this.bytes = bytes;
    this.digestOffset = digestOffset;
  }

  /** A multihash of a digest that is already there. */
  public static Multihash of(long code, byte[] digest) {
    requireDigestLength(digest.length);
    byte[] bytes = new byte[Varint.size(code) + Varint.size(digest.length) + digest.length];
    int at = Varint.write(digest.length, bytes, Varint.write(code, bytes, 0));
    System.arraycopy(digest, 0, bytes, at, digest.length);
    return new Multihash(code, bytes, at);
  }

  /** Hashes the data with SHA-256. */
  public static Multihash sha256(byte[] data) {
    return of(SHA2_256, digest("SHA-256", data));
  }

  /** Hashes the data with SHA-512. */
  public static Multihash sha512(byte[] data) {
    return of(SHA2_512, digest("SHA-512", data));
  }

  /** Takes the data, at most {@value #MAX_DIGEST_BYTES} bytes, as its own digest. */
  public static Multihash identity(byte[] data) {
    return of(IDENTITY, data);
  }

  /** Reads a multihash that takes all of the bytes. */
  public static Multihash fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long code = Varint.read(in);
    long length = Varint.read(in);
    requireDigestLength(length);
    if (length != in.remaining()) {
      throw new MalformedException(
          "multihash announces a digest of %d bytes and holds %d"
              .formatted(length, in.remaining()));
    }
    return new Multihash(code, bytes.clone(), in.position());
  }

  /** Code of the hash function. */
  public long code() {
    return code;
  }

  /** A copy of the digest. */
  public byte[] digest() {
    return Arrays.copyOfRange(bytes, digestOffset, bytes.length);
  }

  /** Bytes of the digest. */
  public int digestLength() {
    return bytes.length - digestOffset;
  }

  /** A copy of the binary form. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Multihash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The binary form in base58btc without prefix, as in peer ids and CIDs of version 0. */
  @Override
  public String toString() {
    return Multibase.BASE58BTC.encodeBare(bytes);
  }

  private static void requireDigestLength(long length) {
    if (length > MAX_DIGEST_BYTES) {
      throw new MalformedException(
          "digest of %d bytes is longer than %d".formatted(length, MAX_DIGEST_BYTES));
    }
  }

  private static byte[] digest(String algorithm, byte[] data) {
    try {
      return MessageDigest.getInstance(algorithm).digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + algorithm, e);
    }
  }
}
