package dev.warren.cli;

import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.multiformats.Cid;
import dev.warren.libp2p.multiformats.Multibase;
import dev.warren.libp2p.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/**
 * What somebody provides: a hash, whatever it is written as.
 *
 * @param cid of version 1; what a content is encoded as makes no difference here
 */
record ContentKey(Cid cid) {
  static final String HELP =
      "A CID of any version, a multihash in base58 or hex, or any other text, which stands for its"
          + " SHA-256.";

  /** Before the command line has been read. */
  static final ContentKey NONE = parse("-");

  /** What people type by chance is no hash of so many bytes. */
  private static final int SHORTEST_DIGEST = 16;

  /** A CID or a multihash as it is; of any other text the hash. */
  static ContentKey parse(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("nothing has no key");
    }
    Multihash hash =
        Stream.<Supplier<Multihash>>of(
                () -> Cid.parse(text).multihash(),
                () -> Multihash.fromBytes(Multibase.BASE58BTC.decodeBare(text)),
                () -> Multihash.fromBytes(HexFormat.of().parseHex(text)))
            .flatMap(reading -> attempt(reading).stream())
            .findFirst()
            .orElseGet(() -> Multihash.sha256(text.getBytes(StandardCharsets.UTF_8)));
    if (hash.toBytes().length > Target.MAX_HASH_BYTES) {
      throw new TypeConversionException(
          "'%s' has more than the %d bytes that a key may have"
              .formatted(text, Target.MAX_HASH_BYTES));
    }
    return new ContentKey(Cid.v1(Cid.Codec.RAW, hash));
  }

  private static Optional<Multihash> attempt(Supplier<Multihash> reading) {
    try {
      return Optional.of(reading.get()).filter(hash -> hash.digestLength() >= SHORTEST_DIGEST);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Target target() {
    return Target.of(cid.multihash());
  }

  @Override
  public String toString() {
    return cid.toString();
  }
}
