package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.serve.ServedShare.Admission;
import dev.warren.protocols.transfer.session.Purpose;
import dev.warren.protocols.transfer.session.RefusedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One receiver of one share: its streams, and the decision that they share. */
final class Visit {
  private static final Map<Purpose, Integer> MAX_STREAMS =
      Map.of(Purpose.FOLLOW, 1, Purpose.DATA, 8);

  private final ServedShare share;
  private final PeerId receiver;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Purpose, Deque<Stream>> streams = new EnumMap<>(Purpose.class); // by lock
  private boolean mayReturn = true; // guarded by lock

  /** Held while it is decided, which may take minutes. */
  private final ReentrantLock deciding = new ReentrantLock();

  private @Nullable Admission admission; // guarded by deciding
  private @Nullable RefusedException refusal; // guarded by deciding

  Visit(ServedShare share, PeerId receiver) {
    this.share = share;
    this.receiver = receiver;
    for (Purpose purpose : Purpose.values()) {
      streams.put(purpose, new ArrayDeque<>());
    }
  }

  ServedShare share() {
    return share;
  }

  PeerId receiver() {
    return receiver;
  }

  /**
   * The permission. The first stream that asks has it decided, and the others wait; what was
   * decided holds as long as the visit.
   *
   * @param waiting is run when it will take long
   */
  Admission admission(Runnable waiting) throws RefusedException {
    if (!deciding.tryLock()) {
      waiting.run();
      deciding.lock();
    }
    try {
      if (refusal != null) {
        throw refusal;
      }
      Admission given = admission;
      if (given == null) {
        given = share.admit(receiver, waiting);
        admission = given;
      }
      return given;
    } catch (RefusedException e) {
      refusal = e;
      expectNoReturn();
      throw e;
    } finally {
      deciding.unlock();
    }
  }

  /**
   * Adds a stream. When there are too many, the oldest are ended: they are mostly ones that have
   * lost their receiver without having noticed, so that refusing the new one would keep out a
   * receiver that has changed its network. But there is an end of that while the ended ones have
   * not gone, since they wait for a person or for their turn at the limits.
   */
  void add(Purpose purpose, Stream stream) throws RefusedException {
    List<Stream> surplus;
    lock.lock();
    try {
      Deque<Stream> same = streams.get(purpose);
      int most = MAX_STREAMS.get(purpose);
      if (same.size() >= 2 * most) {
        throw new RefusedException(
            RefusedException.Reason.BUSY, "the source still ends earlier streams of yours");
      }
      same.add(stream);
      surplus = same.stream().limit(Math.max(0, same.size() - most)).toList();
    } finally {
      lock.unlock();
    }
    surplus.forEach(old -> old.reset(0));
  }

  void remove(Purpose purpose, Stream stream) {
    lock.lock();
    try {
      streams.get(purpose).remove(stream);
    } finally {
      lock.unlock();
    }
  }

  /** The receiver has been refused, or has by its own word all that it wanted. */
  void expectNoReturn() {
    lock.lock();
    try {
      mayReturn = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it may come back soon. */
  boolean mayReturn() {
    lock.lock();
    try {
      return mayReturn;
    } finally {
      lock.unlock();
    }
  }

  /** Ends its streams, and does not expect it back. */
  void end() {
    List<Stream> ending = new ArrayList<>();
    lock.lock();
    try {
      mayReturn = false;
      streams.values().forEach(ending::addAll);
    } finally {
      lock.unlock();
    }
    ending.forEach(stream -> stream.reset(0));
  }

  /** The receiver has gone; called once, when nothing uses the visit any more. */
  void close() {
    deciding.lock();
    try {
      if (admission != null) {
        admission.close();
      }
    } finally {
      deciding.unlock();
    }
  }
}
