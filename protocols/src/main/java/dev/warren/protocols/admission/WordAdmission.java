package dev.warren.protocols.admission;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.admission.NotAdmittedException.Reason;
import dev.warren.sharecodes.WordCode;
import dev.warren.sharecodes.pake.CodeGuard;
import dev.warren.sharecodes.pake.PakeBinding;
import dev.warren.sharecodes.pake.PakeException;
import dev.warren.sharecodes.pake.PakeMessages;
import dev.warren.sharecodes.pake.PakeReceiver;
import dev.warren.sharecodes.pake.PakeSharer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Both sides of {@value #PROTOCOL}. */
public final class WordAdmission {
  /** The protocol of the streams. */
  public static final String PROTOCOL = "/warren/pake/1";

  /** The four messages are small and one side's work is milliseconds. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int GO_ON = 0;
  private static final int UNKNOWN = 1;
  private static final int WRONG_CODE = 2;
  private static final int BURNT = 3;
  private static final int WAIT = 4;

  private static final int MAX_WAIT_SECONDS = 255;

  private final Function<byte[], Optional<WordShare>> shares;
  private final PeerId self;
  private final TimeSource time;
  private final SecureRandom random = new SecureRandom();

  private WordAdmission(Host host, Function<byte[], Optional<WordShare>> shares) {
    this.shares = shares;
    self = host.peerId();
    time = host.time();
  }

  /**
   * Admits those who prove to have the words of a share.
   *
   * @param shares by rendezvous key
   */
  public static void serve(Host host, Function<byte[], Optional<WordShare>> shares) {
    host.handle(PROTOCOL, new WordAdmission(host, shares)::answer);
  }

  private void answer(Stream stream) throws IOException {
    TimeSource.Scheduled limit = time.after(TIMEOUT, () -> stream.reset(0));
    try {
      byte[] rendezvousKey = read(stream, PakeBinding.RENDEZVOUS_KEY_BYTES);
      byte[] hello = read(stream, PakeMessages.HELLO_BYTES);
      Optional<WordShare> share = shares.apply(rendezvousKey);
      if (share.isEmpty()) {
        stream.write(new byte[] {UNKNOWN});
        return;
      }
      // Before a proof is asked for: with it the receiver spends one of its own tries.
      Optional<CodeGuard.Refusal> refusal = share.get().guard().refusal();
      if (refusal.isPresent()) {
        stream.write(message(refusal.get()));
      } else {
        exchange(stream, share.get(), hello);
      }
    } catch (PakeException.Malformed e) {
      throw new IOException(e);
    } finally {
      limit.cancel();
    }
  }

  private void exchange(Stream stream, WordShare share, byte[] hello)
      throws IOException, PakeException.Malformed {
    PeerId receiver = stream.remotePeer();
    var binding = new PakeBinding(receiver, self, share.code().rendezvousKey());
    var pake = new PakeSharer(binding, share.code().secret(), random);
    stream.write(behind(GO_ON, pake.challenge(hello)));
    byte[] proof = read(stream, PakeMessages.PROOF_BYTES);
    switch (share.guard().attempt(receiver)) {
      case CodeGuard.Refusal refusal -> stream.write(message(refusal));
      case CodeGuard.Allowed(CodeGuard.Attempt attempt) -> {
        Optional<PakeSharer.Accepted> accepted = judge(pake, proof, attempt);
        if (accepted.isPresent()) {
          stream.write(behind(GO_ON, accepted.get().confirmation()));
          stream.write(SealedAdmission.seal(accepted.get().sharedKey(), share.admitted()));
        } else {
          stream.write(new byte[] {WRONG_CODE});
        }
      }
    }
  }

  /** Ends the attempt, however the proof is; empty when it is that of another code. */
  private static Optional<PakeSharer.Accepted> judge(
      PakeSharer pake, byte[] proof, CodeGuard.Attempt attempt) throws PakeException.Malformed {
    try (attempt) {
      try {
        PakeSharer.Accepted accepted = pake.accept(proof);
        attempt.right();
        return Optional.of(accepted);
      } catch (PakeException.Malformed e) {
        attempt.withdraw();
        throw e;
      } catch (PakeException wrong) {
        return Optional.empty();
      }
    }
  }

  private static byte[] message(CodeGuard.Refusal refusal) {
    return switch (refusal) {
      case CodeGuard.Burnt _ -> new byte[] {BURNT};
      case CodeGuard.Wait(Duration wait) -> new byte[] {WAIT, (byte) seconds(wait)};
    };
  }

  /** Whole ones, and at least one: who is told to wait does not ask at once. */
  private static long seconds(Duration wait) {
    return Math.clamp(wait.plusMillis(999).toSeconds(), 1, MAX_WAIT_SECONDS);
  }

  /**
   * Proves to the peer of a connection to have the words of a share.
   *
   * @param guard the receiver's own of these words, shared by all peers that it asks: who merely
   *     pretends to share gets one guess at the words from each exchange
   * @throws NotAdmittedException if the peer, or the guard, does not let us
   */
  public static Admitted prove(Host host, Connection connection, WordCode code, CodeGuard guard)
      throws IOException {
    Optional<CodeGuard.Refusal> refusal = guard.refusal();
    if (refusal.isPresent()) {
      throw notAdmitted(refusal.get());
    }
    try (Stream stream = connection.open(PROTOCOL);
        var _ = host.time().after(TIMEOUT, () -> stream.reset(0))) {
      byte[] rendezvousKey = code.rendezvousKey();
      var binding = new PakeBinding(host.peerId(), stream.remotePeer(), rendezvousKey);
      var pake = new PakeReceiver(binding, code.secret(), new SecureRandom());
      stream.write(rendezvousKey);
      stream.write(pake.hello());
      goOn(stream);
      byte[] proof = pake.prove(read(stream, PakeMessages.CHALLENGE_BYTES));
      // Only now: until the proof is sent nothing can be guessed at, so no try is spent.
      return switch (guard.attempt(stream.remotePeer())) {
        case CodeGuard.Refusal late -> throw notAdmitted(late);
        case CodeGuard.Allowed(CodeGuard.Attempt attempt) -> {
          try (attempt) {
            stream.write(proof);
            goOn(stream);
            byte[] sharedKey = pake.finish(read(stream, PakeMessages.CONFIRMATION_BYTES));
            attempt.right();
            yield SealedAdmission.open(sharedKey, read(stream, SealedAdmission.BYTES));
          }
        }
      };
    } catch (PakeException.WrongCode e) {
      throw wrong();
    } catch (PakeException e) {
      throw new IOException("the peer does not know the exchange of words", e);
    }
  }

  private static void goOn(Stream stream) throws IOException {
    int status = read(stream, 1)[0];
    switch (status) {
      case GO_ON -> {}
      case UNKNOWN ->
          throw new NotAdmittedException(
              Reason.UNKNOWN, "the peer shares nothing under this code any more");
      case WRONG_CODE -> throw wrong();
      case BURNT -> throw burnt();
      case WAIT -> throw waiting(Duration.ofSeconds(Byte.toUnsignedLong(read(stream, 1)[0])));
      default -> throw new IOException("the peer answered " + status + ", which means nothing");
    }
  }

  private static NotAdmittedException wrong() {
    return new NotAdmittedException(
        Reason.WRONG_CODE, "the last two words are not those of the share");
  }

  private static NotAdmittedException burnt() {
    return new NotAdmittedException(
        Reason.BURNT,
        "the code was tried with wrong words %d times and is good for nothing any more"
            .formatted(CodeGuard.MAX_WRONG));
  }

  private static NotAdmittedException waiting(Duration wait) {
    long seconds = seconds(wait);
    return new NotAdmittedException(
        Reason.WAIT,
        "somebody tried wrong words; the next try is in " + seconds + " s",
        Duration.ofSeconds(seconds));
  }

  private static NotAdmittedException notAdmitted(CodeGuard.Refusal refusal) {
    return switch (refusal) {
      case CodeGuard.Burnt _ -> burnt();
      case CodeGuard.Wait(Duration wait) -> waiting(wait);
    };
  }

  private static byte[] behind(int status, byte[] message) {
    byte[] both = new byte[1 + message.length];
    both[0] = (byte) status;
    System.arraycopy(message, 0, both, 1, message.length);
    return both;
  }

  private static byte[] read(Stream stream, int length) throws IOException {
    byte[] bytes = new byte[length];
    stream.readFully(bytes, 0, length);
    return bytes;
  }
}
