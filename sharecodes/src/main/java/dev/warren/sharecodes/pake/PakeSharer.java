package dev.warren.sharecodes.pake;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The side that made the code. It says nothing that depends on the secret's being right before the
 * receiver has shown to know it. {@link CodeGuard} has to be asked before every {@link #accept}.
 *
 * <p>For one exchange and one thread.
 */
public final class PakeSharer {
  private final PakeBinding binding;
  private final Juggler juggler;
  private final Progress progress = new Progress();
  private byte[] hello = {};
  private byte[] challenge = {};

  /** What the sharer has once the receiver is known to have the code. */
  public static final class Accepted {
    private final byte[] confirmation;
    private final byte[] sharedKey;

    private Accepted(KeySchedule keys) {
      this.confirmation = keys.sharerConfirmation();
      this.sharedKey = keys.sharedKey();
    }

    /** The last message, of {@value PakeMessages#CONFIRMATION_BYTES} bytes, for the receiver. */
    public byte[] confirmation() {
      return confirmation.clone();
    }

    /** The key of 32 bytes that nobody but the two has. */
    public byte[] sharedKey() {
      return sharedKey.clone();
    }
  }

  /**
   * Begins an exchange.
   *
   * @param secret that of the code, {@link dev.warren.sharecodes.WordCode#secret}
   */
  public PakeSharer(PakeBinding binding, byte[] secret, SecureRandom random) {
    this.binding = binding;
    this.juggler =
        new Juggler(
            binding.sharerName(),
            binding.receiverName(),
            KeySchedule.password(binding, secret),
            random);
  }

  /**
   * Answers the receiver's first message.
   *
   * @return the challenge, of {@value PakeMessages#CHALLENGE_BYTES} bytes
   */
  public byte[] challenge(byte[] helloMessage) throws PakeException.Malformed {
    progress.take(0);
    PakeMessages.requireLength(helloMessage, PakeMessages.HELLO_BYTES);
    hello = helloMessage.clone();
    juggler.readRound1(hello);
    challenge =
        ByteBuffer.allocate(PakeMessages.CHALLENGE_BYTES)
            .put(juggler.round1())
            .put(juggler.round2())
            .array();
    progress.take(1);
    return challenge.clone();
  }

  /**
   * Checks the receiver's proof.
   *
   * @throws PakeException.WrongCode if the receiver does not know the secret; this is the case that
   *     counts against a code
   */
  public Accepted accept(byte[] proof) throws PakeException {
    progress.take(2);
    PakeMessages.requireLength(proof, PakeMessages.PROOF_BYTES);
    juggler.readRound2(proof, 0);
    byte[] round2 = Arrays.copyOf(proof, Juggler.ROUND_2_BYTES);
    byte[] confirmation = Arrays.copyOfRange(proof, Juggler.ROUND_2_BYTES, proof.length);
    KeySchedule keys = new KeySchedule(binding, juggler.keyingMaterial(), hello, challenge, round2);
    if (!MessageDigest.isEqual(keys.receiverConfirmation(), confirmation)) {
      throw new PakeException.WrongCode();
    }
    return new Accepted(keys);
  }
}
