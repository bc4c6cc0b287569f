package dev.warren.sharecodes.pake;

import dev.warren.libp2p.identity.PeerId;
import java.util.HexFormat;

/**
 * What an exchange is about: who receives, who shares, and the rendezvous key that led the one to
 * the other. Peers that do not mean the same three get no key.
 */
public final class PakeBinding {
  /** Length of every rendezvous key. */
  public static final int RENDEZVOUS_KEY_BYTES = 32;

  private final PeerId receiver;
  private final PeerId sharer;
  private final byte[] rendezvousKey;

  /**
   * A binding of two peers, whose ids the connection between them has proved.
   *
   * @throws IllegalArgumentException if they are the same, or the key is not one of 32 bytes
   */
  public PakeBinding(PeerId receiver, PeerId sharer, byte[] rendezvousKey) {
    if (receiver.equals(sharer)) {
      throw new IllegalArgumentException("nobody receives from themselves");
    }
    if (rendezvousKey.length != RENDEZVOUS_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a rendezvous key has %d bytes, not %d"
              .formatted(RENDEZVOUS_KEY_BYTES, rendezvousKey.length));
    }
    this.receiver = receiver;
    this.sharer = sharer;
    this.rendezvousKey = rendezvousKey.clone();
  }

  PeerId receiver() {
    return receiver;
  }

  PeerId sharer() {
    return sharer;
  }

  byte[] rendezvousKey() {
    return rendezvousKey.clone();
  }

  /** The name under which the receiver makes its proofs; the role keeps it from being reflected. */
  String receiverName() {
    return "warren receiver " + receiver;
  }

  String sharerName() {
    return "warren sharer " + sharer;
  }

  @Override
  public String toString() {
    return "%s from %s at %s"
        .formatted(receiver, sharer, HexFormat.of().formatHex(rendezvousKey, 0, 4));
  }
}
