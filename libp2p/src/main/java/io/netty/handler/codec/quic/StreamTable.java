package io.netty.handler.codec.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.io.IOException;

/**
 * What the codec knows of the streams of a connection and tells nobody outside this package, hence
 * a class of ours in it. All is called on the event loop.
 */
public final class StreamTable {
  private static final byte FIRST = 0;
  private static final int PACKET_BYTES = 1200;

  private StreamTable() {}

  /**
   * Hands bytes over, and with the last of them the FIN. They are sent with the next {@link
   * #flush}, or with whatever is sent before.
   *
   * @return how many were taken
   * @throws ChannelOutputShutdownException if the peer takes no more of what is sent on the stream
   */
  public static int send(QuicStreamChannel stream, ByteBuf bytes, boolean fin) throws IOException {
    int taken =
        ((QuicheQuicStreamChannel) stream).parent().streamSend(stream.streamId(), bytes, fin);
    // A stream that was stopped, and whose other half has ended, only seems to have no room.
    if (taken == Quiche.QUICHE_ERR_STREAM_STOPPED
        || (taken == Quiche.QUICHE_ERR_DONE && capacity(stream) < 0)) {
      throw new ChannelOutputShutdownException("the peer takes no more");
    }
    if (taken < 0 && taken != Quiche.QUICHE_ERR_DONE) {
      throw new IOException("the codec takes no more (" + taken + ")");
    }
    return Math.max(0, taken);
  }

  /** Sends what goes out at present. */
  public static void flush(QuicChannel connection) {
    var channel = (QuicheQuicChannel) connection;
    if (channel.isActive()) {
      channel.connectionSendAndFlush();
    }
  }

  /** Whether a packet of the stream would be sent at once. */
  public static boolean hasRoom(QuicStreamChannel stream) {
    return capacity(stream) >= PACKET_BYTES;
  }

  /** Whether nothing of the stream would be sent at present, but would later. */
  public static boolean isFull(QuicStreamChannel stream) {
    return capacity(stream) == 0;
  }

  private static long capacity(QuicStreamChannel stream) {
    return ((QuicheQuicStreamChannel) stream).parent().streamCapacity(stream.streamId());
  }

  /**
   * Forgets a stream that has been closed. The codec does so by itself only once it has read the
   * peer's FIN. One that was reset, or of which no more is read, would stay for as long as the
   * connection lives: a leak on every one that lasts, and an attack for who resets many.
   */
  public static void forget(QuicStreamChannel stream) {
    ((QuicheQuicStreamChannel) stream).parent().streamClosed(stream.streamId());
  }

  /** Whether both halves of the stream have ended and all that was sent has arrived. */
  public static boolean isOver(QuicChannel connection, long streamId) {
    return ((QuicheQuicChannel) connection).streamCapacity(streamId) < 0;
  }

  /**
   * Sends the FIN of a stream, or sends it again, before the bytes of others; false when the stream
   * is over.
   */
  public static boolean sendFin(QuicChannel connection, long streamId) {
    try {
      ((QuicheQuicChannel) connection).streamPriority(streamId, FIRST, true);
      ((QuicheQuicChannel) connection).streamSendFin(streamId);
    } catch (Exception e) {
      return false; // it has been reset, or the connection has ended
    }
    return !isOver(connection, streamId);
  }
}
