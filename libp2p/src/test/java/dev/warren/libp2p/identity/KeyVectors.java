package dev.warren.libp2p.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** The keys that the specification gives as examples. */
final class KeyVectors {
  private static final String TEXT = read("keys.txt");

  private KeyVectors() {}

  static byte[] privateKey(KeyType type) {
    return find(type + " private ");
  }

  static byte[] publicKey(KeyType type) {
    return find(type + " public ");
  }

  static byte[] hex(String resource) {
    return HexFormat.of().parseHex(read(resource).strip().toLowerCase(Locale.ROOT));
  }

  private static byte[] find(String start) {
    return TEXT.lines()
        .filter(line -> line.startsWith(start))
        .map(line -> HexFormat.of().parseHex(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  private static String read(String resource) {
    try (InputStream in = Objects.requireNonNull(KeyVectors.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
