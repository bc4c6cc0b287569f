package dev.warren.libp2p.multiformats;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Text forms of bytes that say by their first character which one they are, see
 * multiformats/multibase multibase.csv.
 *
 * <p>Decoding is strict: there is no second spelling beside letter case, where the base ignores it.
 * Bases that are no power of two take at most 1024 bytes, since their work grows with the square of
 * the length.
 */
public enum Multibase {
  BASE2('0', bits(Alphabet.of("01"))),
  BASE8('7', bits(Alphabet.of("01234567"))),
  BASE10('9', radix(Alphabet.of("0123456789"))),
  BASE16('f', bits(Alphabet.anyCase(Digits.HEX))),
  BASE16UPPER('F', bits(Alphabet.anyCase(upper(Digits.HEX)))),
  BASE32('b', bits(Alphabet.anyCase(Digits.BASE32))),
  BASE32UPPER('B', bits(Alphabet.anyCase(upper(Digits.BASE32)))),
  BASE32PAD('c', padded(Alphabet.anyCase(Digits.BASE32))),
  BASE32PADUPPER('C', padded(Alphabet.anyCase(upper(Digits.BASE32)))),
  BASE32HEX('v', bits(Alphabet.anyCase(Digits.BASE32HEX))),
  BASE32HEXUPPER('V', bits(Alphabet.anyCase(upper(Digits.BASE32HEX)))),
  BASE32HEXPAD('t', padded(Alphabet.anyCase(Digits.BASE32HEX))),
  BASE32HEXPADUPPER('T', padded(Alphabet.anyCase(upper(Digits.BASE32HEX)))),
  BASE32Z('h', bits(Alphabet.of("ybndrfg8ejkmcpqxot1uwisza345h769"))),
  BASE36('k', radix(Alphabet.anyCase(Digits.BASE36))),
  BASE36UPPER('K', radix(Alphabet.anyCase(upper(Digits.BASE36)))),
  BASE58BTC('z', radix(Alphabet.of("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"))),
  BASE58FLICKR(
      'Z', radix(Alphabet.of("123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"))),
  BASE64('m', bits(Alphabet.of(Digits.ALPHANUMERIC + "+/"))),
  BASE64PAD('M', padded(Alphabet.of(Digits.ALPHANUMERIC + "+/"))),
  BASE64URL('u', bits(Alphabet.of(Digits.ALPHANUMERIC + "-_"))),
  BASE64URLPAD('U', padded(Alphabet.of(Digits.ALPHANUMERIC + "-_")));

  private static final @Nullable Multibase[] BY_PREFIX = new @Nullable Multibase[128];

  static {
    for (Multibase base : values()) {
      BY_PREFIX[base.prefix] = base;
    }
  }

  private final char prefix;

  /** Immutable: its tables are written once, while it is made. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final BaseCodec codec;

  Multibase(char prefix, BaseCodec codec) {
    this.prefix = prefix;
    this.codec = codec;
  }

  /** The base that a multibase text is written in. */
  public static Multibase of(String text) {
    if (text.isEmpty()) {
      throw new MalformedException("an empty text has no multibase prefix");
    }
    char prefix = text.charAt(0);
    @Nullable Multibase base = prefix < BY_PREFIX.length ? BY_PREFIX[prefix] : null;
    if (base == null) {
      throw new MalformedException("unknown multibase prefix U+%04X".formatted((int) prefix));
    }
    return base;
  }

  /** Decodes a text with its prefix. */
  public static byte[] decode(String text) {
    Multibase base = of(text);
    return base.decode(text, 1);
  }

  /** The character that every text of this base begins with. */
  public char prefix() {
    return prefix;
  }

  /** Encodes with the prefix. */
  public String encode(byte[] bytes) {
    return prefix + codec.encode(bytes);
  }

  /** Encodes without the prefix. */
  public String encodeBare(byte[] bytes) {
    return codec.encode(bytes);
  }

  /** Decodes a text that has no prefix. */
  public byte[] decodeBare(String text) {
    return decode(text, 0);
  }

  private byte[] decode(String text, int from) {
    try {
      return codec.decode(text, from);
    } catch (MalformedException e) {
      throw new MalformedException(this + ": " + e.getMessage(), e);
    }
  }

  /** The name that the multibase table gives it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static BaseCodec bits(Alphabet alphabet) {
    return new BitCodec(alphabet, false);
  }

  private static BaseCodec padded(Alphabet alphabet) {
    return new BitCodec(alphabet, true);
  }

  private static BaseCodec radix(Alphabet alphabet) {
    return new RadixCodec(alphabet);
  }

  private static String upper(String digits) {
    return digits.toUpperCase(Locale.ROOT);
  }

  /** Digits that several bases share. */
  private static final class Digits {
    static final String HEX = "0123456789abcdef";
    static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    static final String BASE32HEX = "0123456789abcdefghijklmnopqrstuv";
    static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    static final String ALPHANUMERIC =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  }
}
