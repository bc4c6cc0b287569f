package dev.warren.sharecodes.pake;

import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

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

  private final InstantSource clock;
  private final IntConsumer wrong;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as are all that follow. */
  private final List<WrongProof> wrongProofs = new ArrayList<>();

  private int underWay;
  private Instant notBefore;

  /** A guard of one code. */
  public CodeGuard(InstantSource clock) {
    this(clock, _ -> {});
  }

  /**
   * A guard of one code.
   *
   * @param wrong is told after each wrong proof how many there have been, on the thread of the try
   */
  public CodeGuard(InstantSource clock, IntConsumer wrong) {
    this.clock = clock;
    this.wrong = wrong;
    this.notBefore = clock.instant();
  }

  /** Who proved wrongly, and when. */
  public record WrongProof(PeerId peer, Instant at) {}

  /** Whether a proof may be looked at. */
  public sealed interface Decision permits Allowed, Wait, Burnt {}

  /** It may be, and the attempt has to be told how it ended. */
  public record Allowed(Attempt attempt) implements Decision {}

  /** Not yet. */
  public record Wait(Duration duration) implements Decision {}

  /** Never again. */
  public record Burnt() implements Decision {}

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
            recordWrong(peer);
            count = wrongProofs.size();
          }
        }
      } finally {
        lock.unlock();
      }
      if (count > 0) {
        wrong.accept(count);
      }
    }
  }

  /** Asks to look at a peer's proof. */
  public Decision attempt(PeerId peer) {
    lock.lock();
    try {
      if (wrongProofs.size() >= MAX_WRONG) {
        return new Burnt();
      }
      Duration left = Duration.between(clock.instant(), notBefore);
      if (left.isPositive()) {
        return new Wait(left);
      }
      if (wrongProofs.size() + underWay >= MAX_WRONG) {
        return new Wait(BUSY_WAIT);
      }
      underWay++;
      return new Allowed(new Attempt(peer));
    } finally {
      lock.unlock();
    }
  }

  /** Whether the code is of no use any more. */
  public boolean isBurnt() {
    return wrongProofs().size() >= MAX_WRONG;
  }

  /** The wrong proofs so far, for the one who shares to see. */
  public List<WrongProof> wrongProofs() {
    lock.lock();
    try {
      return List.copyOf(wrongProofs);
    } finally {
      lock.unlock();
    }
  }

  private void recordWrong(PeerId peer) {
    Instant now = clock.instant();
    notBefore = now.plus(FIRST_WAIT.multipliedBy(1L << wrongProofs.size()));
    wrongProofs.add(new WrongProof(peer, now));
  }
}
