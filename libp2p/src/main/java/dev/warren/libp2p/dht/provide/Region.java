package dev.warren.libp2p.dht.provide;

import dev.warren.libp2p.dht.routing.Key;

/**
 * The part of the key space whose keys begin with the same bits.
 *
 * @param within any key that is in it
 * @param bits how many of its leading bits all others share
 */
public record Region(Key within, int bits) {
  /** Whether the key is in it. */
  public boolean contains(Key key) {
    return within.commonPrefixLength(key) >= bits;
  }
}
