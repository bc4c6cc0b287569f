package dev.warren.libp2p.mux.yamux;

import org.jspecify.annotations.Nullable;

/**
 * Puts off waking whoever waits for a stream's bytes while more bytes are at hand. Owned by the
 * reading thread.
 *
 * <p>Waking a thread costs about as much as decrypting a few KiB, and one that is woken for each
 * frame of a transfer finds little and waits again. So it is left to wait until its array is full,
 * another stream's turn has come, or the reading thread is itself about to wait; what is at hand
 * then has been decrypted in well under a millisecond.
 */
final class DeferredWake {
  private @Nullable ReceivingHalf owed;

  /** Bytes have been left with the stream. */
  void owe(ReceivingHalf half) {
    if (owed != half) {
      settle();
      owed = half;
    }
  }

  /** Wakes who is still to be woken. */
  void settle() {
    if (owed != null) {
      owed.wakeReader();
      owed = null;
    }
  }
}
