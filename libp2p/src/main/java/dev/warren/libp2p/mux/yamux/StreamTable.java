package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.TimedCondition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection, by id, and the limits on their number.
 *
 * <p>One of ours is counted when it is opened and listed once its first frame goes out; one of the
 * peer's is both at once. Both ends when the stream is finished or reset. As unacknowledged, ours
 * count from when they begin: one that nobody has used yet can be acknowledged by nobody, and a
 * thread may open as many as it likes before it uses the first.
 */
final class StreamTable {

  /** What became of a stream that the peer wants to open. */
  enum Admission {
    ADMITTED,
    /** A limit is reached: to be reset. */
    REFUSED,
    /** The connection has ended. */
    ENDED
  }

  /** A peer may have good reason to be slow, but not to hold our threads for ever. */
  private static final Duration TURN_TIMEOUT = Duration.ofSeconds(30);

  private final YamuxSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final TimedCondition mayBegin; // guarded by lock
  private Map<Integer, YamuxStream> streams = new HashMap<>(); // guarded by lock
  private int inbound; // guarded by lock
  private int outbound; // guarded by lock
  private int inboundUnacknowledged; // guarded by lock
  private int outboundUnacknowledged; // guarded by lock
  private @Nullable IOException ended; // guarded by lock

  StreamTable(YamuxSettings settings, TimeSource time) {
    this.settings = settings;
    mayBegin = new TimedCondition(lock, time);
    mayBegin.setTimeout(TURN_TIMEOUT);
  }

  /** Counts a stream of ours. */
  void open() throws IOException {
    lock.lock();
    try {
      if (ended != null) {
        throw new Ending.Lost(ended).exception();
      }
      if (outbound >= settings.maxOutboundStreams()) {
        throw new StreamLimitException(
            "the connection carries " + outbound + " streams of ours (maxOutboundStreams)");
      }
      outbound++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until one more stream of ours may be unacknowledged, before its first frame is sent.
   * Several threads may wait for one stream, which takes its place once; none waits on for one that
   * has been given up or has ended with the connection, as the sending will find.
   */
  void awaitTurn(YamuxStream stream) throws StreamLimitException {
    lock.lock();
    try {
      long deadline = mayBegin.deadline();
      boolean inTime = true;
      stream.waiting++;
      while (inTime
          && needsTurn(stream)
          && outboundUnacknowledged >= settings.maxUnacknowledgedStreams()) {
        inTime = mayBegin.await(deadline);
      }
      stream.waiting--;
      if (!needsTurn(stream)) {
        mayBegin.signalOne(); // what woke this thread may serve the next
      } else if (inTime) {
        stream.unacknowledged = true;
        outboundUnacknowledged++;
        wakeThoseWhoWaitFor(stream);
      } else {
        throw new StreamLimitException(
            outboundUnacknowledged
                + " streams of ours wait for the peer to take them (maxUnacknowledgedStreams)");
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean needsTurn(YamuxStream stream) {
    return ended == null && !stream.listed && !stream.removed && !stream.unacknowledged;
  }

  /** Which of all who wait they are is not known; they are seldom any. */
  private void wakeThoseWhoWaitFor(YamuxStream stream) {
    if (stream.waiting > 0) {
      mayBegin.signal();
    }
  }

  /** Lists a stream of ours, whose first frame is about to be sent. */
  void list(int id, YamuxStream stream) throws IOException {
    lock.lock();
    try {
      if (ended != null) {
        throw new Ending.Lost(ended).exception();
      }
      if (stream.removed) { // given up by another thread just now
        throw Ending.Closed.INSTANCE.exception();
      }
      streams.put(id, stream);
      stream.listed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Counts and lists a stream of the peer's. */
  Admission admit(int id, YamuxStream stream) {
    lock.lock();
    try {
      if (ended != null) {
        return Admission.ENDED;
      }
      if (inbound >= settings.maxInboundStreams()
          || inboundUnacknowledged >= settings.maxUnacknowledgedStreams()) {
        return Admission.REFUSED;
      }
      inbound++;
      inboundUnacknowledged++;
      stream.unacknowledged = true;
      streams.put(id, stream);
      stream.listed = true;
      return Admission.ADMITTED;
    } finally {
      lock.unlock();
    }
  }

  Optional<YamuxStream> find(int id) {
    lock.lock();
    try {
      return Optional.ofNullable(streams.get(id));
    } finally {
      lock.unlock();
    }
  }

  /** The peer has accepted a stream of ours, or we one of the peer's. */
  void acknowledged(YamuxStream stream) {
    lock.lock();
    try {
      acknowledge(stream);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a stream; does nothing when it is forgotten already. */
  void remove(YamuxStream stream) {
    lock.lock();
    try {
      forget(stream);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a stream of ours that the peer has not heard of, and says whether that was so. */
  boolean removeUnlisted(YamuxStream stream) {
    lock.lock();
    try {
      if (stream.listed) {
        return false;
      }
      forget(stream);
      return true;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return ended == null ? inbound + outbound : 0;
    } finally {
      lock.unlock();
    }
  }

  List<YamuxStream> listed() {
    lock.lock();
    try {
      return List.copyOf(streams.values());
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody in any more and gives back the streams that were listed. */
  List<YamuxStream> end(IOException cause) {
    lock.lock();
    try {
      ended = cause;
      mayBegin.signal();
      mayBegin.cancel();
      List<YamuxStream> last = List.copyOf(streams.values());
      streams = new HashMap<>();
      return last;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of what many streams have left behind. */
  void trim() {
    lock.lock();
    try {
      if (ended == null) {
        streams = new HashMap<>(streams);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(YamuxStream stream) {
    if (stream.removed) {
      return;
    }
    stream.removed = true;
    acknowledge(stream);
    wakeThoseWhoWaitFor(stream);
    streams.remove(stream.id(), stream);
    if (stream.inbound()) {
      inbound--;
    } else {
      outbound--;
    }
  }

  private void acknowledge(YamuxStream stream) {
    if (!stream.unacknowledged) {
      return;
    }
    stream.unacknowledged = false;
    if (stream.inbound()) {
      inboundUnacknowledged--;
    } else {
      outboundUnacknowledged--;
      mayBegin.signalOne();
    }
  }
}
