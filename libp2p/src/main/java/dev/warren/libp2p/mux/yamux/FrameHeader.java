package dev.warren.libp2p.mux.yamux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Spec, Framing: the twelve bytes before each payload.
 *
 * @param streamId to be read as unsigned
 * @param length bytes of payload, credit, a ping's value or a code, according to the type; 0 to
 *     2<sup>32</sup> - 1
 */
record FrameHeader(FrameType type, int flags, int streamId, long length) {
  static final int BYTES = 12;

  static final int SYN = 1;
  static final int ACK = 2;
  static final int FIN = 4;
  static final int RST = 8;

  static final long MAX_LENGTH = 0xffff_ffffL;

  private static final int ALL_FLAGS = SYN | ACK | FIN | RST;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** Reads a header and checks all of it that can be judged without knowing the connection. */
  static FrameHeader decode(byte[] from, int offset) throws YamuxViolationException {
    int first = (int) INT.get(from, offset);
    int version = first >>> 24;
    if (version != 0) {
      throw Violation.UNKNOWN_VERSION.exception("version " + version);
    }
    FrameType type = FrameType.of(first >>> 16 & 0xff);
    int flags = first & 0xffff;
    if ((flags & ~ALL_FLAGS) != 0) {
      throw Violation.UNKNOWN_FLAGS.exception("0x" + Integer.toHexString(flags));
    }
    int streamId = (int) INT.get(from, offset + 4);
    boolean fits =
        switch (type) {
          case DATA, WINDOW_UPDATE -> true;
          case PING -> flags == SYN || flags == ACK;
          case GO_AWAY -> flags == 0;
        };
    if (!fits) {
      throw Violation.MISPLACED_FLAGS.exception(type + " with 0x" + Integer.toHexString(flags));
    }
    boolean session = type == FrameType.PING || type == FrameType.GO_AWAY;
    if (session != (streamId == 0)) {
      throw Violation.MISPLACED_STREAM_ID.exception(
          type + " for " + Integer.toUnsignedString(streamId));
    }
    return new FrameHeader(
        type, flags, streamId, Integer.toUnsignedLong((int) INT.get(from, offset + 8)));
  }

  /** Writes a header without making one: the way out is busier than the way in. */
  static void encode(byte[] to, int offset, FrameType type, int flags, int streamId, long length) {
    INT.set(to, offset, type.value() << 16 | flags);
    INT.set(to, offset + 4, streamId);
    INT.set(to, offset + 8, (int) length);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
