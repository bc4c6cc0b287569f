package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.Muxer;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.TimeSource;

/** {@code /yamux/1.0.0}. */
public final class Yamux implements Muxer {
  private final YamuxSettings settings;
  private final TimeSource time;
  private final SpareBlocks spares = new SpareBlocks();

  public Yamux(YamuxSettings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
  }

  @Override
  public String protocolId() {
    return "/yamux/1.0.0";
  }

  @Override
  public MuxedConnection over(SecureChannel channel, boolean initiator) {
    return new YamuxConnection(channel, settings, spares, time, initiator);
  }
}
