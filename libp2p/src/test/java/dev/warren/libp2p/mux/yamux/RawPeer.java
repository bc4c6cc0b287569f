package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.MuxedStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** The far end of a connection, which speaks in frames that tests write by hand. */
final class RawPeer {

  /** A frame as it came. */
  static final class Frame {
    private final FrameHeader header;
    private final byte[] payload;

    Frame(FrameHeader header, byte[] payload) {
      this.header = header;
      this.payload = payload;
    }

    FrameHeader header() {
      return header;
    }

    long length() {
      return header.length();
    }

    byte[] payload() {
      return payload;
    }

    boolean is(FrameType type, int flags, int streamId, long length) {
      return header.equals(new FrameHeader(type, flags, streamId, length));
    }

    @Override
    public String toString() {
      return header.toString();
    }
  }

  final ManualTime time = new ManualTime();
  final Pipe pipe;
  final YamuxConnection connection;
  final BlockingQueue<MuxedStream> accepted = new LinkedBlockingQueue<>();
  final CompletableFuture<IOException> ended = new CompletableFuture<>();
  private final Thread runner;

  /** Against a connection that we accepted: the raw peer opens odd streams. */
  static RawPeer dialing(YamuxSettings settings) {
    return new RawPeer(settings, false, 1 << 20, RawPeer::acceptAll);
  }

  /** Against a connection that we dialed: the raw peer opens even streams. */
  static RawPeer listening(YamuxSettings settings) {
    return new RawPeer(settings, true, 1 << 20, RawPeer::acceptAll);
  }

  /** What the connection's acceptor does. */
  @FunctionalInterface
  interface OnStream {
    boolean accept(RawPeer peer, MuxedStream stream);
  }

  RawPeer(YamuxSettings settings, boolean initiator, int capacity, OnStream onStream) {
    Pipe[] ends = Pipe.pair(capacity);
    pipe = ends[1];
    connection = new YamuxConnection(ends[0], settings, new SpareBlocks(), time, initiator);
    runner =
        Thread.ofVirtual()
            .start(() -> ended.complete(connection.run(stream -> onStream.accept(this, stream))));
  }

  static boolean acceptAll(RawPeer peer, MuxedStream stream) {
    return peer.accepted.add(stream);
  }

  void send(FrameType type, int flags, int streamId, long length) throws IOException {
    byte[] header = new byte[FrameHeader.BYTES];
    FrameHeader.encode(header, 0, type, flags, streamId, length);
    pipe.write(header);
  }

  void sendData(int flags, int streamId, byte[] payload) throws IOException {
    send(FrameType.DATA, flags, streamId, payload.length);
    pipe.write(payload);
  }

  /** The next frame that is not about a ping. */
  Frame next() throws IOException {
    Frame frame = nextOfAll();
    while (frame.header().type() == FrameType.PING) {
      frame = nextOfAll();
    }
    return frame;
  }

  /** The next ping of this flag, whatever comes before it. */
  Frame nextPing(int flag) throws IOException {
    Frame frame = nextOfAll();
    while (frame.header().type() != FrameType.PING || frame.header().flags() != flag) {
      frame = nextOfAll();
    }
    return frame;
  }

  /** The next frame. */
  Frame nextOfAll() throws IOException {
    byte[] bytes = new byte[FrameHeader.BYTES];
    pipe.readFully(bytes, 0, bytes.length);
    FrameHeader header = FrameHeader.decode(bytes, 0);
    byte[] payload = new byte[header.type() == FrameType.DATA ? (int) header.length() : 0];
    pipe.readFully(payload, 0, payload.length);
    return new Frame(header, payload);
  }

  /** The last frame, which must be a GoAway, and nothing behind it. */
  Frame goAway() throws IOException {
    Frame frame = next();
    while (frame.header().type() != FrameType.GO_AWAY) {
      frame = next();
    }
    byte[] one = new byte[1];
    if (pipe.read(one, 0, 1) >= 0) {
      throw new EOFException("more after the GoAway");
    }
    return frame;
  }

  /** Has every frame so far been dealt with? An answer to a ping says so. */
  void settle() throws IOException {
    send(FrameType.PING, FrameHeader.SYN, 0, 0xfeed);
    Frame answer = nextPing(FrameHeader.ACK);
    while (answer.length() != 0xfeed) {
      answer = nextPing(FrameHeader.ACK);
    }
  }

  MuxedStream accept() throws InterruptedException {
    return accepted.take();
  }

  /** Why the connection ended, once its thread is gone. */
  IOException end() throws InterruptedException {
    runner.join();
    return ended.join();
  }
}
