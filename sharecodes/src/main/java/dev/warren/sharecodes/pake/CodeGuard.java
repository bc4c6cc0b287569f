package dev.warren.sharecodes.pake;

import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets a code be guessed at five times in all, and not at once.
 *
 * <p>Peer ids cost nothing, so tries are counted for the code and not for the peer, and one wrong
 * proof makes everybody wait. A try counts as wrong from the moment it is allowed until it is said
 * to have been right, so that tries at the same time are no more tries.
 */
public final class CodeGuard {
  /** Wrong proofs that burn a code. */
  public static final int MAX_WRONG = 5;

  /** The wait after the first wrong proof, doubled after each further one. */
  static final Duration FIRST_WAIT = Duration.ofSeconds(2);

  /** How soon to ask again while all tries that are left are under way. */
  static final Duration BUSY_WAIT = Duration.ofSeconds(1);

  private final LongSupplier nanoTime;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by the lock.
  private int wrongProofs;
  private int underWay;
  private long notBeforeNanos;

  /** Is told of wrong proofs, on the threads of those who look at them. */
  @FunctionalInterface
  public interface Listener {
    /** A peer proved wrongly; so often that has happened now. */
    void wrongProof(PeerId peer, int wrongProofs);
  }

  /**
   * A guard of one code.
   *
   * @param nanoTime that never goes back, as clocks do that are set
   */
  public CodeGuard(LongSupplier nanoTime) {
    this(nanoTime, 0, (_, _) -> {});
  }

  /**
   * A guard of one code, which may have had another before.
   *
   * @param wrongProofs how many the other has seen
   */
  public CodeGuard(LongSupplier nanoTime, int wrongProofs, Listener listener) {
    this.nanoTime = nanoTime;
    this.wrongProofs = wrongProofs;
    this.listener = listener;
    this.notBeforeNanos = nanoTime.getAsLong();
  }

  /** Whether a proof may be looked at. */
  public sealed interface Decision permits Allowed, Refusal {}

  /** It may not. */
  public sealed interface Refusal extends Decision permits Wait, Burnt {}

  /** It may be, and the attempt has to be told how it ended. */
  public record Allowed(Attempt attempt) implements Decision {}

  /** Not yet. */
  public record Wait(Duration duration) implements Refusal {}

  /** Never again. */
  public record Burnt() implements Refusal {}

  /** One try, which counts as wrong unless it is said to be right before it is closed. */
  public final class Attempt implements AutoCloseable {
    private final PeerId peer;

    /** Guarded by the lock. */
    private boolean open = true;

    private Attempt(PeerId peer) {
      this.peer = peer;
    }

    /** The proof held: the try is given back. */
    public void right() {
      end(false);
    }

    /** The exchange broke off for a reason that tells nothing of the secret. */
    public void withdraw() {
      end(false);
    }

    /** The proof did not hold, if nothing else was said before. */
    @Override
    public void close() {
      end(true);
    }

    private void end(boolean isWrong) {
      int count = 0;
      lock.lock();
      try {
        if (open) {
          open = false;
          underWay--;
          if (isWrong) {
            notBeforeNanos = nanoTime.getAsLong() + (FIRST_WAIT.toNanos() << wrongProofs);
            count = ++wrongProofs;
          }
        }
      } finally {
        lock.unlock();
      }
      if (count > 0) {
        listener.wrongProof(peer, count);
      }
    }
  }

  /** Asks to look at a peer's proof. */
  public Decision attempt(PeerId peer) {
    lock.lock();
    try {
      Optional<Refusal> refusal = refusal();
      if (refusal.isPresent()) {
        return refusal.get();
      }
      underWay++;
      return new Allowed(new Attempt(peer));
    } finally {
      lock.unlock();
    }
  }

  /** What stands in the way of a try just now; for not beginning what would come to nothing. */
  public Optional<Refusal> refusal() {
    lock.lock();
    try {
      if (wrongProofs >= MAX_WRONG) {
        return Optional.of(new Burnt());
      }
      long leftNanos = notBeforeNanos - nanoTime.getAsLong();
      if (leftNanos > 0) {
        return Optional.of(new Wait(Duration.ofNanos(leftNanos)));
      }
      return wrongProofs + underWay >= MAX_WRONG
          ? Optional.of(new Wait(BUSY_WAIT))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** How many wrong proofs there have been. */
  public int wrongProofs() {
    lock.lock();
    try {
      return wrongProofs;
    } finally {
      lock.unlock();
    }
  }
}
