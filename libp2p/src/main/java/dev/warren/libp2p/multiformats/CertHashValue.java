package dev.warren.libp2p.multiformats;

import java.util.Arrays;

/**
 * The hash of a certificate: a multihash, read in any multibase and written in base64url. See
 * libp2p/specs webtransport/README.md, "Multiaddrs".
 */
record CertHashValue() implements ValueCodec {
  @Override
  public byte[] parse(String text) {
    byte[] bytes = Multibase.decode(text);
    validate(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    Multihash.fromBytes(Arrays.copyOfRange(bytes, from, to));
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return Multibase.BASE64URL.encode(Arrays.copyOfRange(bytes, from, to));
  }
}
