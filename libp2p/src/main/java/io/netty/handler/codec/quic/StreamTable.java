package io.netty.handler.codec.quic;

/**
 * What the codec knows of the streams of a connection and tells nobody outside this package, hence
 * a class of ours in it. All is called on the event loop.
 */
public final class StreamTable {
  private StreamTable() {}

  /**
   * Whether the peer takes no more of what is sent on the stream. The codec fails a write when it
   * first hears so, but keeps for ever what is written after the stream's other half has ended too.
   */
  public static boolean isStopped(QuicStreamChannel stream) {
    return ((QuicheQuicStreamChannel) stream).parent().streamCapacity(stream.streamId()) < 0;
  }

  /** Whether what is written on the stream would be sent at once. */
  public static boolean hasRoom(QuicStreamChannel stream) {
    return ((QuicheQuicStreamChannel) stream).parent().streamCapacity(stream.streamId()) > 0;
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

  /** Sends the FIN of a stream, or sends it again; false when the stream is over. */
  public static boolean sendFin(QuicChannel connection, long streamId) {
    try {
      ((QuicheQuicChannel) connection).streamSendFin(streamId);
    } catch (Exception e) {
      return false; // it has been reset, or the connection has ended
    }
    return !isOver(connection, streamId);
  }
}
