package dev.warren.libp2p.multiformats;

/** How bytes become digits of an alphabet and back, without any prefix. */
sealed interface BaseCodec permits BitCodec, RadixCodec {
  String encode(byte[] bytes);

  /** Decodes the digits from the given index on. */
  byte[] decode(String text, int from);
}
