package dev.warren.libp2p.multiformats;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Text that is kept as UTF-8.
 *
 * <p>Bytes that are not UTF-8 would not survive the way through a text, and control characters have
 * no place in what is printed and logged, so both are refused.
 */
final class PrintableText {
  private PrintableText() {}

  static byte[] encode(String text) {
    requirePrintable(text);
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] out = new byte[encoded.remaining()];
      encoded.get(out);
      return out;
    } catch (CharacterCodingException e) {
      throw new MalformedException(MalformedException.quote(text) + " is not Unicode text", e);
    }
  }

  static void validate(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
        requirePrintable(decodeStrictly(bytes, from, to));
        return;
      }
    }
  }

  static String decode(byte[] validated, int from, int to) {
    return new String(validated, from, to - from, StandardCharsets.UTF_8);
  }

  private static String decodeStrictly(byte[] bytes, int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("value is not UTF-8", e);
    }
  }

  private static void requirePrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new MalformedException(
            "control character U+%04X in value".formatted((int) text.charAt(i)));
      }
    }
  }
}
