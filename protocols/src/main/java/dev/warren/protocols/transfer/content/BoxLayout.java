package dev.warren.protocols.transfer.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How boxes look: docs/protocols/transfer.md, "Data stream". */
final class BoxLayout {
  /** Before the sealed box, and before each chunk in it. */
  static final int LENGTH_BYTES = Integer.BYTES;

  static final int MAX_PLAIN_BYTES = (1 << 20) + (64 << 10);
  static final int TAG_BYTES = 16;
  static final int MAX_SEALED_BYTES = MAX_PLAIN_BYTES + TAG_BYTES;

  /** Stands, with a reason added, where else the length of a chunk does. */
  static final int UNAVAILABLE = 0x8000_0000;

  /** Reasons count from 1. */
  static final int MAX_REASON = 3;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private BoxLayout() {}

  static int readInt(byte[] array, int offset) {
    return (int) INTS.get(array, offset);
  }

  static void writeInt(byte[] array, int offset, int value) {
    INTS.set(array, offset, value);
  }
}
