package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.MemoryBudget;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A secure channel that carries many streams.
 *
 * <p><b>Reading.</b> One thread, in {@link #run}, takes frames off the channel ({@link
 * FrameReader}) and judges them ({@link IncomingFrames}). It does three things with them: it
 * changes the state of a stream, it leaves bytes with a stream, in the array of a waiting reader or
 * in a buffer that the window bounds, or it queues an answer ({@link ControlQueue}). It waits for
 * nothing but the channel's next bytes. So no stream holds up another: a slow one fills its own
 * window and no more. And no two peers can wait for each other: whatever a writer waits for, the
 * reader at the other end is still there to make room.
 *
 * <p><b>Writing.</b> There is no writing thread and no queue of frames. Whoever has something to
 * send takes the write lock and puts it on the channel ({@link FrameWriter}): a frame is encrypted
 * by the thread whose bytes it holds, out of the array that they are in, and a sender is held up
 * exactly when the channel is. Between two frames of a long write the lock is free, and it is a
 * fair one: a stream of many bytes lets each small frame pass. While threads queue for the lock,
 * small frames collect, and the last one sends them all in one record and one system call.
 *
 * <p><b>Decided late.</b> What a frame says is decided when it is written, under the write lock:
 * the flags, the credit, how much of the window a data frame uses. A stream of ours gets its id
 * with its first frame. So ids go out in order; opening costs nothing; and SYN, ACK and credit ride
 * on whatever goes out first: data if there is any, or FIN. Only a thread that is about to wait for
 * the peer sends them by themselves.
 *
 * <p><b>Credit</b> is given by the thread that reads from a stream, when it has taken half of the
 * window. Windows grow where the round trip calls for it ({@link ReceiveWindow}), within what the
 * connection and the host allow ({@link ConnectionShare}). The round trip is known from pings
 * ({@link Heartbeat}).
 *
 * <p><b>The end</b> comes once: {@link #end} records why, and releases every thread that waits for
 * anything. Whoever ended it then says goodbye and closes the channel; a timer makes sure that the
 * goodbye does not take long when the peer does not listen.
 *
 * <p><b>Locks</b> are taken in this order and in no other: write lock, a stream's lock, then one of
 * those of table, heartbeat or control queue. The reading thread never takes the write lock before
 * the end, and nobody who holds another lock writes to the channel.
 */
final class YamuxConnection implements MuxedConnection {
  private static final Duration MAX_FAREWELL = Duration.ofSeconds(1);

  private final SecureChannel channel;
  private final YamuxSettings settings;
  private final TimeSource time;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final ControlQueue control;
  private final StreamTable streams;
  private final ConnectionShare growth;
  private final ConnectionShare buffers;
  private final SpareBlocks spares;
  private final Heartbeat heartbeat;
  private final IncomingFrames incoming;
  private final AtomicReference<Thread> readingThread = new AtomicReference<>();
  private final AtomicReference<IOException> ended = new AtomicReference<>();
  private final ReentrantLock lingerLock = new ReentrantLock();
  private TimeSource.Scheduled lingerTimer = NO_TIMER; // guarded by lingerLock
  private long nextId; // guarded by the write lock
  private long framesAtTrim; // guarded by the write lock

  private static final TimeSource.Scheduled NO_TIMER = () -> {};

  YamuxConnection(
      SecureChannel channel,
      YamuxSettings settings,
      SpareBlocks spares,
      TimeSource time,
      boolean initiator) {
    this.spares = spares;
    this.channel = channel;
    this.settings = settings;
    this.time = time;
    var wake = new DeferredWake();
    reader = new FrameReader(channel, wake::settle);
    writer = new FrameWriter(channel, new ReentrantLock(true), this::writeFailed);
    control = new ControlQueue(writer);
    streams = new StreamTable(settings, time);
    growth = new ConnectionShare(settings.maxWindowGrowthBytes(), settings.memory());
    buffers = new ConnectionShare(settings.maxBufferedBytes(), settings.buffers());
    heartbeat =
        new Heartbeat(new Lifeline(), time, settings.keepAliveInterval(), settings.pingTimeout());
    incoming =
        new IncomingFrames(this, settings, reader, wake, streams, control, heartbeat, initiator);
    nextId = initiator ? 1 : 2;
  }

  @Override
  public IOException run(Acceptor acceptor) {
    if (!readingThread.compareAndSet(null, Thread.currentThread())) {
      throw new IllegalStateException("a connection is run once");
    }
    heartbeat.start();
    try {
      fail(incoming.readAll(acceptor));
    } catch (YamuxViolationException e) {
      if (end(e)) {
        farewell(GoAway.PROTOCOL_ERROR);
      }
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      if (end(new IOException("the reading thread failed", e))) {
        farewell(GoAway.INTERNAL_ERROR);
      }
      throw e;
    }
    return Objects.requireNonNull(ended.get());
  }

  @Override
  public MuxedStream openStream() throws IOException {
    streams.open();
    return YamuxStream.outbound(this);
  }

  @Override
  public int streamCount() {
    return streams.size();
  }

  @Override
  public Duration ping() throws IOException {
    return heartbeat.ping();
  }

  @Override
  public void trim() {
    if (!writer.tryLock()) {
      return; // in use, so not idle
    }
    try {
      try {
        long frames = writer.frames() + incoming.streamFrames();
        if (frames == framesAtTrim) {
          writer.trim();
          streams.trim();
          channel.trim();
        }
        framesAtTrim = frames;
      } finally {
        writer.unlock();
      }
    } catch (IOException e) {
      // Frames that were to go out could not; fail() has been told.
    }
  }

  @Override
  public void abort() {
    end(new ConnectionClosedException("this end closed the connection"));
    channel.close();
  }

  @Override
  public void close() {
    if (end(new ConnectionClosedException("this end closed the connection"))) {
      offReaderQuietly(() -> farewell(GoAway.NORMAL));
    }
  }

  // ---- for streams, called on their users' threads

  TimeSource time() {
    return time;
  }

  MemoryBudget growth() {
    return growth;
  }

  MemoryBudget buffers() {
    return buffers;
  }

  SpareBlocks spares() {
    return spares;
  }

  /**
   * Sends as much as fits one frame and the stream's window.
   *
   * @return the number of bytes sent, 0 when the window is used up
   */
  int sendData(YamuxStream stream, byte[] source, int offset, int length) throws IOException {
    awaitTurn(stream);
    writer.lock();
    try {
      int n = stream.claim(writer.payloadBytes(length));
      if (n > 0) {
        int flags = introduce(stream);
        writer.data(flags, stream.id(), source, offset, n);
      }
      return n;
    } finally {
      writer.unlock();
    }
  }

  /** Sends credit that is due, and whatever the peer still has to hear about the stream. */
  void sendCredit(YamuxStream stream) throws IOException {
    awaitTurn(stream);
    writer.lock();
    try {
      int credit =
          stream.receiving().takeCredit(heartbeat.roundTripNanos(), settings.maxWindowBytes());
      if (credit >= 0) {
        int flags = introduce(stream);
        if (credit > 0 || flags != 0) {
          writer.frame(FrameType.WINDOW_UPDATE, flags, stream.id(), credit);
        }
      }
    } finally {
      writer.unlock();
    }
  }

  void sendFin(YamuxStream stream) throws IOException {
    awaitTurn(stream);
    writer.lock();
    try {
      if (stream.isFinDue()) {
        int flags = introduce(stream) | FrameHeader.FIN;
        writer.frame(FrameType.WINDOW_UPDATE, flags, stream.id(), 0);
      }
    } finally {
      writer.unlock();
    }
  }

  /** Before the write lock is taken: nobody who holds it may wait for the peer. */
  private void awaitTurn(YamuxStream stream) throws StreamLimitException {
    if (stream.introduction() == YamuxStream.Introduction.SYN) {
      streams.awaitTurn(stream);
    }
  }

  /** Tells the peer that a stream has been given up, when it knows of the stream. */
  void sendReset(YamuxStream stream, long code) throws IOException {
    if (isReadingThread()) {
      if (stream.introduction() != YamuxStream.Introduction.SYN) {
        control.add(FrameType.WINDOW_UPDATE, FrameHeader.RST, stream.id(), code);
      }
      return;
    }
    writer.lock();
    try {
      if (stream.introduction() != YamuxStream.Introduction.SYN) {
        writer.frame(FrameType.WINDOW_UPDATE, FrameHeader.RST, stream.id(), code);
      }
    } finally {
      writer.unlock();
    }
  }

  void forget(YamuxStream stream) {
    streams.remove(stream);
  }

  boolean forgetUnlisted(YamuxStream stream) {
    return streams.removeUnlisted(stream);
  }

  /** Something that may have to wait for the channel. */
  @FunctionalInterface
  interface Sending {
    void send() throws IOException;
  }

  /** Sends on this thread, unless it is the one that must not wait. */
  void offReader(Sending sending) throws IOException {
    if (isReadingThread()) {
      Thread.ofVirtual().name("yamux-send").start(() -> quietly(sending));
    } else {
      sending.send();
    }
  }

  // ---- streams that wait for the peer to finish

  long lingerDeadline() {
    return time.nanoTime() + settings.closeLinger().toNanos();
  }

  /** A stream has begun to wait; one timer serves them all. */
  void awaitPeer() {
    lingerLock.lock();
    try {
      if (lingerTimer == NO_TIMER && ended.get() == null) {
        lingerTimer = time.after(settings.closeLinger(), this::resetLingering);
      }
    } finally {
      lingerLock.unlock();
    }
  }

  private void resetLingering() {
    lingerLock.lock();
    try {
      lingerTimer = NO_TIMER;
    } finally {
      lingerLock.unlock();
    }
    long next = Long.MAX_VALUE;
    for (YamuxStream stream : streams.listed()) {
      OptionalLong left = stream.lingerNanos(time.nanoTime());
      if (left.isPresent() && left.getAsLong() == 0) {
        stream.reset(0);
      } else {
        next = Math.min(next, left.orElse(Long.MAX_VALUE));
      }
    }
    if (next < Long.MAX_VALUE) {
      lingerLock.lock();
      try {
        if (lingerTimer == NO_TIMER && ended.get() == null) {
          lingerTimer = time.after(Duration.ofNanos(next), this::resetLingering);
        }
      } finally {
        lingerLock.unlock();
      }
    }
  }

  // ---- the end

  /** Ends the connection without a word: the channel is of no use any more. */
  private void fail(IOException cause) {
    if (end(cause)) {
      channel.close();
    }
  }

  /** A write has failed, as a cause of the connection's end or as a consequence of it. */
  private IOException writeFailed(IOException failure) {
    fail(failure);
    return new Ending.Lost(Objects.requireNonNull(ended.get())).exception();
  }

  /** Releases everybody; false when the connection had ended before. */
  private boolean end(IOException cause) {
    if (!ended.compareAndSet(null, cause)) {
      return false;
    }
    heartbeat.end(cause);
    lingerLock.lock();
    try {
      lingerTimer.cancel();
    } finally {
      lingerLock.unlock();
    }
    for (YamuxStream stream : streams.end(cause)) {
      stream.onConnectionEnd(cause);
    }
    return true;
  }

  /** Spec, Session termination. Waits for the write lock and the channel, but not for long. */
  private void farewell(long code) {
    TimeSource.Scheduled guard = time.after(MAX_FAREWELL, channel::close);
    try {
      writer.lock();
      try {
        writer.frame(FrameType.GO_AWAY, 0, 0, code);
        writer.flush(); // those who are queued may come after the channel is closed
      } finally {
        writer.unlock();
      }
    } catch (IOException e) {
      // The peer will learn of the end by the end of the channel.
    } finally {
      guard.cancel();
      channel.close();
    }
  }

  /**
   * The flags by which the stream's next frame introduces it; that frame must follow. The write
   * lock must be held.
   */
  private int introduce(YamuxStream stream) throws IOException {
    return switch (stream.introduction()) {
      case NONE -> 0;
      case ACK -> {
        streams.acknowledged(stream);
        stream.introduced();
        yield FrameHeader.ACK;
      }
      case SYN -> {
        if (nextId > FrameHeader.MAX_LENGTH) {
          throw new StreamLimitException("the connection has used up its stream ids");
        }
        int id = (int) nextId;
        stream.assign(id);
        streams.list(id, stream);
        nextId += 2;
        stream.introduced();
        yield FrameHeader.SYN;
      }
    };
  }

  private boolean isReadingThread() {
    return Thread.currentThread() == readingThread.get();
  }

  private void offReaderQuietly(Runnable sending) {
    quietly(() -> offReader(sending::run));
  }

  /** Where the failure of the connection is somebody else's to report. */
  private static void quietly(Sending sending) {
    try {
      sending.send();
    } catch (IOException e) {
      // fail() has been told, and the next use of a stream will say so.
    }
  }

  void sendCreditQuietly(YamuxStream stream) {
    quietly(() -> sendCredit(stream));
  }

  void sendResetQuietly(YamuxStream stream, long code) {
    quietly(() -> sendReset(stream, code));
  }

  private final class Lifeline implements Heartbeat.Connection {
    @Override
    public void sendPing(long value, Runnable justBefore) throws IOException {
      writer.lock();
      try {
        justBefore.run();
        writer.frame(FrameType.PING, FrameHeader.SYN, 0, value);
      } finally {
        writer.unlock();
      }
    }

    @Override
    public long bytesRead() {
      return reader.bytesRead();
    }

    @Override
    public long writes() {
      return writer.writes();
    }

    @Override
    public void fail(IOException cause) {
      YamuxConnection.this.fail(cause);
    }
  }
}
