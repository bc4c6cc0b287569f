package dev.warren.libp2p.transport;

/** A protocol that carries many streams over one secure channel. */
public interface Muxer {

  /** The id that multistream-select negotiates. */
  String protocolId();

  /**
   * Takes the channel over. Nothing is read before {@link MuxedConnection#run}.
   *
   * @param initiator whether we dialed
   */
  MuxedConnection over(SecureChannel channel, boolean initiator);
}
