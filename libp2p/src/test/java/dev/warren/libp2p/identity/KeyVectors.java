package dev.warren.libp2p.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** Bytes made by others: lines of a name, what it is, and the bytes in hexadecimal. */
final class KeyVectors {
  private KeyVectors() {}

  /** From the specification. */
  static byte[] privateKey(KeyType type) {
    return find("keys.txt", type + " private ");
  }

  /** From the specification. */
  static byte[] publicKey(KeyType type) {
    return find("keys.txt", type + " public ");
  }

  static byte[] go(String name, String what) {
    return find("go.txt", name + " " + what + " ");
  }

  static byte[] rust(KeyType type, String what) {
    return find("rust.txt", type + " " + what + " ");
  }

  private static byte[] find(String resource, String start) {
    return read(resource)
        .lines()
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
