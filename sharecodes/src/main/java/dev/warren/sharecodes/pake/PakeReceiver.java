package dev.warren.sharecodes.pake;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The side that was given the code. It speaks first, and is the first to show that it knows the
 * secret: the sharer's answer to that is the only message from which a guess could be judged, and
 * only that one guess which was committed to before.
 *
 * <p>For one exchange and one thread.
 */
public final class PakeReceiver {
  private final PakeBinding binding;
  private final Juggler juggler;
  private final Progress progress = new Progress();
  private byte[] hello = {};
  private byte[] expected = {};
  private byte[] sharedKey = {};

  /**
   * Begins an exchange.
   *
   * @param secret that of the code, {@link dev.warren.sharecodes.WordCode#secret}
   */
  public PakeReceiver(PakeBinding binding, byte[] secret, SecureRandom random) {
    this.binding = binding;
    this.juggler =
        new Juggler(
            binding.receiverName(),
            binding.sharerName(),
            KeySchedule.password(binding, secret),
            random);
  }

  /** The first message, of {@value PakeMessages#HELLO_BYTES} bytes. */
  public byte[] hello() {
    progress.take(0);
    hello = juggler.round1();
    return hello.clone();
  }

  /**
   * Answers the sharer's challenge.
   *
   * @return the proof, of {@value PakeMessages#PROOF_BYTES} bytes
   */
  public byte[] prove(byte[] challenge) throws PakeException.Malformed {
    progress.take(1);
    PakeMessages.requireLength(challenge, PakeMessages.CHALLENGE_BYTES);
    juggler.readRound1(challenge);
    juggler.readRound2(challenge, Juggler.ROUND_1_BYTES);
    byte[] round2 = juggler.round2();
    KeySchedule keys = new KeySchedule(binding, juggler.keyingMaterial(), hello, challenge, round2);
    expected = keys.sharerConfirmation();
    sharedKey = keys.sharedKey();
    progress.take(2);
    return ByteBuffer.allocate(PakeMessages.PROOF_BYTES)
        .put(round2)
        .put(keys.receiverConfirmation())
        .array();
  }

  /**
   * Checks that the sharer knows the secret as well.
   *
   * @return the key of 32 bytes that nobody but the two has
   */
  public byte[] finish(byte[] confirmation) throws PakeException {
    progress.take(3);
    PakeMessages.requireLength(confirmation, PakeMessages.CONFIRMATION_BYTES);
    if (!MessageDigest.isEqual(expected, confirmation)) {
      Arrays.fill(sharedKey, (byte) 0);
      throw new PakeException.WrongCode();
    }
    return sharedKey;
  }
}
