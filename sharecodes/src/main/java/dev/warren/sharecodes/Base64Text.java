package dev.warren.sharecodes;

import dev.warren.libp2p.multiformats.Multibase;

/** Base64 as it comes along: in the standard alphabet or the url-safe one, padded or not. */
final class Base64Text {
  private Base64Text() {}

  /** Whether the character is of either alphabet. */
  static boolean isDigit(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || "+/-_".indexOf(c) >= 0);
  }

  /** The bytes; that the padding is whole where there is any is not insisted upon. */
  static byte[] decode(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    String digits = text.substring(0, end).replace('-', '+').replace('_', '/');
    return Multibase.BASE64.decodeBare(digits);
  }
}
