package dev.warren.libp2p.multiformats;

import java.util.Arrays;

/**
 * A peer id: in bytes a multihash, in text its base58btc form or a CID of codec libp2p-key, written
 * in base58btc. See libp2p/specs peer-ids/peer-ids.md, "String representation".
 */
record PeerValue() implements ValueCodec {
  private static final int SHA2_256_BYTES = 32;

  @Override
  public byte[] parse(String text) {
    Multihash hash = parseMultihash(text);
    requirePeer(hash);
    return hash.toBytes();
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    requirePeer(Multihash.fromBytes(Arrays.copyOfRange(bytes, from, to)));
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return Multibase.BASE58BTC.encodeBare(Arrays.copyOfRange(bytes, from, to));
  }

  private static Multihash parseMultihash(String text) {
    if (text.startsWith("Qm") || text.startsWith("1")) {
      return Multihash.fromBytes(Multibase.BASE58BTC.decodeBare(text));
    }
    Cid cid = Cid.parse(text);
    if (cid.codec() != Cid.Codec.LIBP2P_KEY) {
      throw new MalformedException(
          "CID of codec 0x%x is no peer id, which has 0x%x"
              .formatted(cid.codec(), Cid.Codec.LIBP2P_KEY));
    }
    return cid.multihash();
  }

  private static void requirePeer(Multihash hash) {
    boolean wholeSha256 =
        hash.code() == Multihash.SHA2_256 && hash.digestLength() == SHA2_256_BYTES;
    if (hash.code() != Multihash.IDENTITY && !wholeSha256) {
      throw new MalformedException(
          "multihash of code 0x%x and %d bytes is no peer id"
              .formatted(hash.code(), hash.digestLength()));
    }
  }
}
