package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.mux.yamux.ReceivingHalf.Deposit;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.MuxedConnection.Acceptor;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Judges what the peer sends and hands it on. Owned by the reading thread, which never waits here
 * for anything but the peer's bytes.
 *
 * <p>Everything that a frame claims is checked before anything is made or changed on its account.
 * Frames for streams that are not known are dropped: ours and the peer's last words on a stream
 * cross each other.
 */
final class IncomingFrames {
  private final YamuxConnection connection;
  private final YamuxSettings settings;
  private final FrameReader reader;
  private final DeferredWake wake;
  private final StreamTable streams;
  private final ControlQueue control;
  private final Heartbeat heartbeat;
  private final boolean peerUsesOddIds;
  private final PeerStreamIds peerIds = new PeerStreamIds();
  private final AtomicLong streamFrames = new AtomicLong(); // written by the reading thread alone

  IncomingFrames(
      YamuxConnection connection,
      YamuxSettings settings,
      FrameReader reader,
      DeferredWake wake,
      StreamTable streams,
      ControlQueue control,
      Heartbeat heartbeat,
      boolean initiator) {
    this.connection = connection;
    this.settings = settings;
    this.reader = reader;
    this.wake = wake;
    this.streams = streams;
    this.control = control;
    this.heartbeat = heartbeat;
    this.peerUsesOddIds = !initiator; // spec, StreamID Field
  }

  /** Reads until the peer ends the connection, and returns how it did. */
  IOException readAll(Acceptor acceptor) throws IOException {
    while (true) {
      Optional<FrameHeader> next = reader.header();
      if (next.isEmpty()) {
        return new ConnectionClosedException("the peer closed the connection");
      }
      FrameHeader frame = next.get();
      switch (frame.type()) {
        case DATA, WINDOW_UPDATE -> onStreamFrame(frame, acceptor);
        case PING -> onPing(frame);
        case GO_AWAY -> {
          return frame.length() == GoAway.NORMAL
              ? new ConnectionClosedException("the peer closed the connection")
              : new GoAwayException(frame.length());
        }
      }
      control.check();
    }
  }

  /** The number of frames so far that concern streams; for any thread. */
  long streamFrames() {
    return streamFrames.getAcquire();
  }

  private void onPing(FrameHeader frame) {
    if (frame.has(FrameHeader.ACK)) {
      heartbeat.onAnswer(frame.length());
    } else {
      control.add(FrameType.PING, FrameHeader.ACK, 0, frame.length());
    }
  }

  private void onStreamFrame(FrameHeader frame, Acceptor acceptor) throws IOException {
    streamFrames.setRelease(streamFrames.getPlain() + 1);
    if (frame.has(FrameHeader.SYN)) {
      onOpen(frame, acceptor);
      return;
    }
    Optional<YamuxStream> known = streams.find(frame.streamId());
    if (known.isEmpty()) {
      drain(frame);
      return;
    }
    YamuxStream stream = known.get();
    if (frame.type() == FrameType.DATA) {
      stream.receiving().expect(frame.length());
    }
    if (frame.has(FrameHeader.RST)) {
      onReset(frame, stream);
      return;
    }
    if (frame.has(FrameHeader.ACK) && !stream.inbound()) {
      streams.acknowledged(stream);
    }
    if (frame.type() == FrameType.DATA) {
      deposit(frame, stream);
    } else {
      stream.addCredit(frame.length());
    }
    if (frame.has(FrameHeader.FIN)) {
      stream.onFin();
    }
  }

  /** Spec, Opening a stream. */
  private void onOpen(FrameHeader frame, Acceptor acceptor) throws IOException {
    int id = frame.streamId();
    if (((id & 1) != 0) != peerUsesOddIds) {
      throw Violation.WRONG_PARITY.exception(Integer.toUnsignedString(id));
    }
    if (streams.find(id).isPresent() || !peerIds.claim(id)) {
      throw Violation.STREAM_ID_REUSED.exception(Integer.toUnsignedString(id));
    }
    YamuxStream stream = YamuxStream.inbound(connection, id);
    if (frame.type() == FrameType.DATA) {
      stream.receiving().expect(frame.length());
    } else if (!frame.has(FrameHeader.RST)) {
      stream.addCredit(frame.length());
    }
    if (frame.has(FrameHeader.RST)) { // opened and given up: as if it had never been
      drain(frame);
      return;
    }
    switch (streams.admit(id, stream)) {
      case ADMITTED -> {
        if (frame.type() == FrameType.DATA) {
          deposit(frame, stream);
        }
        if (frame.has(FrameHeader.FIN)) {
          stream.onFin();
        }
        // Only now: what came with the opening is there when the stream is first read.
        if (!acceptor.accept(stream)) {
          stream.reset(0);
        }
      }
      case REFUSED -> {
        control.add(FrameType.WINDOW_UPDATE, FrameHeader.RST, id, 0);
        drain(frame);
      }
      case ENDED -> throw new ConnectionClosedException("this end closed the connection");
    }
  }

  private void onReset(FrameHeader frame, YamuxStream stream) throws IOException {
    streams.remove(stream);
    if (frame.type() == FrameType.DATA) {
      stream.onReset(0);
      drain(frame);
    } else {
      stream.onReset(frame.length()); // in this one type the length is free to carry a code
    }
  }

  private void deposit(FrameHeader frame, YamuxStream stream) throws IOException {
    if (frame.length() == 0) {
      return;
    }
    heartbeat.onData();
    ReceivingHalf receiving = stream.receiving();
    for (long left = frame.length(); left > 0; ) {
      int n = reader.available(left);
      if (receiving.deposit(reader.array(), reader.position(), n) != Deposit.TAKEN) {
        // Data after FIN is the fault of the stream's user and not of the peer's yamux, and where
        // there is no room the streams that find none pay for it, not the connection. At once: the
        // rest of the frame may find room, and nobody may read it with a gap before it.
        stream.reset(0);
      }
      wake.owe(receiving);
      reader.skip(n);
      left -= n;
    }
  }

  /**
   * Steps over payload that nobody wants; more than any window could have allowed is no accident.
   */
  private void drain(FrameHeader frame) throws IOException {
    if (frame.type() != FrameType.DATA) {
      return;
    }
    if (frame.length() > settings.maxWindowBytes()) {
      throw Violation.DATA_BEYOND_WINDOW.exception(frame.length() + " bytes for no stream");
    }
    for (long left = frame.length(); left > 0; ) {
      int n = reader.available(left);
      reader.skip(n);
      left -= n;
    }
  }
}
