package dev.warren.node;

import dev.warren.protocols.admission.WordShare;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The words that lead to shares of this node, by their rendezvous keys. Safe for many threads. */
final class WordCodes {
  private final Map<String, WordShare> shares = new ConcurrentHashMap<>();

  /** Adds words, unless others that have the same key are in use. */
  boolean add(WordShare share) {
    return shares.putIfAbsent(name(share.code().rendezvousKey()), share) == null;
  }

  void remove(WordShare share) {
    shares.remove(name(share.code().rendezvousKey()), share);
  }

  Optional<WordShare> find(byte[] rendezvousKey) {
    return Optional.ofNullable(shares.get(name(rendezvousKey)));
  }

  private static String name(byte[] key) {
    return HexFormat.of().formatHex(key);
  }
}
