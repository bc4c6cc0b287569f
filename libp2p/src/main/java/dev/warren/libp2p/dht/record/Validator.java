package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Target;

/** Knows the values of one namespace (libp2p/specs kad-dht, "Entry validation"). */
public interface Validator {

  /** Accepts a value that may be stored and used, now. */
  void validate(Target key, Value value) throws InvalidRecordException;

  /**
   * Positive when the first value is to replace the second; both have been valid. Everybody has to
   * come to the same result, whoever gets to see which value first.
   */
  int compare(Value one, Value other);

  /** From how many peers a value is to be had before the best of them is taken for the newest. */
  int quorum();
}
