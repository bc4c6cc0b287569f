package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import java.io.IOException;
import java.util.function.Consumer;

/** A transport with which a test can interfere. */
public class WrappedTransport implements Transport {
  private final Transport transport;

  protected WrappedTransport(Transport transport) {
    this.transport = transport;
  }

  /** What becomes of each connection that is dialed. */
  protected RawConnection dialed(RawConnection raw) {
    return raw;
  }

  /** What becomes of each connection that is accepted. */
  protected RawConnection accepted(RawConnection raw) {
    return raw;
  }

  @Override
  public boolean handles(Multiaddr address) {
    return transport.handles(address);
  }

  @Override
  public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
    return dialed(transport.dial(address, cancellation));
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
      throws IOException {
    return transport.listen(address, raw -> onConnection.accept(accepted(raw)));
  }

  /** A connection with which a test can interfere. */
  public static class Raw implements RawConnection {
    private final Duplex raw;
    private final Multiaddr localAddress;
    private final Multiaddr remoteAddress;

    public Raw(RawConnection raw) {
      this(raw, raw.localAddress(), raw.remoteAddress());
    }

    /** Between other addresses, or where there were none. */
    public Raw(Duplex raw, Multiaddr localAddress, Multiaddr remoteAddress) {
      this.raw = raw;
      this.localAddress = localAddress;
      this.remoteAddress = remoteAddress;
    }

    @Override
    public Multiaddr localAddress() {
      return localAddress;
    }

    @Override
    public Multiaddr remoteAddress() {
      return remoteAddress;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return raw.read(buffer, offset, length);
    }

    @Override
    public int available() {
      return raw.available();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      raw.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() throws IOException {
      raw.closeWrite();
    }

    @Override
    public void close() {
      raw.close();
    }
  }
}
