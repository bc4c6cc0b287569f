package dev.warren.sharecodes.pake;

/**
 * The lengths of the messages, all of which are fixed: nothing has to be bounded or parsed but
 * points and numbers. A reader may allocate exactly these.
 */
public final class PakeMessages {
  /** The receiver's round 1. */
  public static final int HELLO_BYTES = Juggler.ROUND_1_BYTES;

  /** The sharer's rounds 1 and 2. */
  public static final int CHALLENGE_BYTES = Juggler.ROUND_1_BYTES + Juggler.ROUND_2_BYTES;

  /** The receiver's round 2 and confirmation. */
  public static final int PROOF_BYTES = Juggler.ROUND_2_BYTES + KeySchedule.CONFIRMATION_BYTES;

  /** The sharer's confirmation. */
  public static final int CONFIRMATION_BYTES = KeySchedule.CONFIRMATION_BYTES;

  private PakeMessages() {}

  static void requireLength(byte[] message, int length) throws PakeException.Malformed {
    if (message.length != length) {
      throw new PakeException.Malformed(
          "message of %d bytes, not %d".formatted(message.length, length));
    }
  }
}
