package dev.warren.libp2p.dht.record;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The numbers and bytes in a map of DAG-CBOR, by their names; what else is in it is passed over.
 * DAG-CBOR is CBOR (RFC 8949) without lengths left open. No more than what IPNS records are made
 * of.
 */
final class CborFields {
  private static final int MAX_FIELDS = 64;
  private static final int MAX_DEPTH = 16;

  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;

  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, byte[]> strings = new HashMap<>();
  private final ByteBuffer in;

  private CborFields(byte[] bytes) {
    in = ByteBuffer.wrap(bytes);
  }

  /** Reads a map that takes all of the bytes. */
  static CborFields parse(byte[] bytes) throws InvalidRecordException {
    var fields = new CborFields(bytes);
    try {
      fields.readAll();
    } catch (BufferUnderflowException e) {
      throw new InvalidRecordException("CBOR that ends early", e);
    }
    return fields;
  }

  /** An unsigned number. */
  Optional<Long> number(String name) {
    return Optional.ofNullable(numbers.get(name));
  }

  Optional<byte[]> bytes(String name) {
    return Optional.ofNullable(strings.get(name));
  }

  /** Writes a map of {@code Long}, unsigned, and {@code byte[]}, in the order that they are in. */
  static byte[] write(SequencedMap<String, Object> fields) {
    var out = new ByteArrayOutputStream();
    head(out, MAP, fields.size());
    fields.forEach(
        (name, value) -> {
          byte[] text = name.getBytes(StandardCharsets.UTF_8);
          head(out, TEXT, text.length);
          out.writeBytes(text);
          switch (value) {
            case Long number -> head(out, UNSIGNED, number);
            case byte[] bytes -> {
              head(out, BYTES, bytes.length);
              out.writeBytes(bytes);
            }
            default -> throw new IllegalArgumentException("neither number nor bytes: " + value);
          }
        });
    return out.toByteArray();
  }

  /** The shortest form, as DAG-CBOR wants it. */
  private static void head(ByteArrayOutputStream out, int major, long argument) {
    int bytes = 0;
    if (Long.compareUnsigned(argument, 24) < 0) {
      out.write(major << 5 | (int) argument);
    } else {
      int log = argument >>> 8 == 0 ? 0 : argument >>> 16 == 0 ? 1 : argument >>> 32 == 0 ? 2 : 3;
      out.write(major << 5 | 24 + log);
      bytes = 1 << log;
    }
    for (int i = bytes - 1; i >= 0; i--) {
      out.write((int) (argument >>> (8 * i)));
    }
  }

  private void readAll() throws InvalidRecordException {
    int head = head();
    int count = length(head);
    if (head >>> 5 != MAP || count > MAX_FIELDS) {
      throw new InvalidRecordException("CBOR that is not a map of a few fields");
    }
    for (int i = 0; i < count; i++) {
      int nameHead = head();
      if (nameHead >>> 5 != TEXT) {
        throw new InvalidRecordException("a map of CBOR with a name that is no text");
      }
      String name = new String(take(length(nameHead)), StandardCharsets.UTF_8);
      int valueHead = head();
      Object previous =
          switch (valueHead >>> 5) {
            case UNSIGNED -> numbers.put(name, argument(valueHead));
            case BYTES -> strings.put(name, take(length(valueHead)));
            default -> {
              skip(valueHead, 0);
              yield null;
            }
          };
      if (previous != null) {
        throw new InvalidRecordException("a map of CBOR with a field twice: " + name);
      }
    }
    if (in.hasRemaining()) {
      throw new InvalidRecordException("CBOR with something behind it");
    }
  }

  private void skip(int head, int depth) throws InvalidRecordException {
    if (depth == MAX_DEPTH) {
      throw new InvalidRecordException("CBOR that is too deep");
    }
    switch (head >>> 5) {
      case BYTES, TEXT -> take(length(head));
      case ARRAY, MAP -> {
        // Whatever the peer claims, each takes a byte at least.
        long items = (long) length(head) * (head >>> 5 == MAP ? 2 : 1);
        for (long i = 0; i < items; i++) {
          skip(head(), depth + 1);
        }
      }
      case TAG -> {
        argument(head);
        skip(head(), depth + 1);
      }
      case UNSIGNED, NEGATIVE -> argument(head);
      default -> argument(head); // true, false, null and floating point
    }
  }

  private int head() {
    return Byte.toUnsignedInt(in.get());
  }

  private byte[] take(int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private int length(int head) throws InvalidRecordException {
    long length = argument(head);
    if (length < 0 || length > in.remaining()) {
      throw new InvalidRecordException("CBOR that announces more than there is");
    }
    return (int) length;
  }

  private long argument(int head) throws InvalidRecordException {
    int low = head & 0x1f;
    return switch (low) {
      case 24 -> Byte.toUnsignedLong(in.get());
      case 25 -> Short.toUnsignedLong(in.getShort());
      case 26 -> Integer.toUnsignedLong(in.getInt());
      case 27 -> in.getLong();
      case 28, 29, 30, 31 -> throw new InvalidRecordException("CBOR of an open or unknown length");
      default -> low;
    };
  }
}
