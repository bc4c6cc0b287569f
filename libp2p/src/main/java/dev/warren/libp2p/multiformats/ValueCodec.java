package dev.warren.libp2p.multiformats;

/**
 * How the value of a multiaddr component is written as text and as bytes.
 *
 * <p>Bytes that pass {@link #validate} have exactly one text, and parsing it gives them back. Where
 * the protocol's values have a fixed size, bytes of another size never get here.
 */
sealed interface ValueCodec
    permits CertHashValue,
        GarlicValue,
        HttpPathValue,
        Ip4Value,
        Ip6Value,
        NameValue,
        NoValue,
        NumberValue,
        OnionValue,
        PeerValue,
        UnixPathValue {
  /** The bytes of a text, already validated. */
  byte[] parse(String text);

  /** Refuses bytes that have no text. */
  void validate(byte[] bytes, int from, int to);

  /** The canonical text of validated bytes. */
  String format(byte[] bytes, int from, int to);
}
