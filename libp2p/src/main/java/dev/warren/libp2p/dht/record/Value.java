package dev.warren.libp2p.dht.record;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that are stored under a key. */
public final class Value implements Comparable<Value> {
  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of the bytes. */
  public static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** How many bytes there are. */
  public int length() {
    return bytes.length;
  }

  @Override
  public int compareTo(Value other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
