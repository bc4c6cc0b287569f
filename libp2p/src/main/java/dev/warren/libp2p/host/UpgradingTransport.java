package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.SecureTransport;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.Transport;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** A transport of raw connections, each of which is upgraded. */
final class UpgradingTransport implements SecureTransport {
  private final Transport transport;
  private final Upgrader upgrader;

  UpgradingTransport(Transport transport, Upgrader upgrader) {
    this.transport = transport;
    this.upgrader = upgrader;
  }

  @Override
  public boolean handles(Multiaddr address) {
    return transport.handles(address);
  }

  @Override
  public SecuredConnection dial(
      Multiaddr address, Optional<PeerId> expected, Cancellation cancellation) throws IOException {
    RawConnection raw = transport.dial(address, cancellation);
    try (var _ = cancellation.onCancel(raw::close)) {
      return upgrader.outbound(raw, expected);
    } catch (IOException e) {
      raw.close();
      throw cancellation.explain(e);
    } catch (RuntimeException | Error e) {
      raw.close();
      throw e;
    }
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<IncomingConnection> onConnection)
      throws IOException {
    return transport.listen(address, raw -> onConnection.accept(new Incoming(raw, upgrader)));
  }

  /** Both ends dial, TCP's simultaneous open; which of them is the client was agreed on before. */
  @Override
  public Optional<IncomingConnection> punch(Multiaddr address, Cancellation cancellation)
      throws IOException {
    return Optional.of(new Incoming(transport.dial(address, cancellation), upgrader));
  }

  /** A raw connection that is to be upgraded. */
  record Incoming(RawConnection raw, Upgrader upgrader) implements IncomingConnection {
    @Override
    public Multiaddr remoteAddress() {
      return raw.remoteAddress();
    }

    @Override
    public SecuredConnection secure() throws IOException {
      return upgrader.inbound(raw);
    }

    @Override
    public SecuredConnection secureAsClient(PeerId server) throws IOException {
      return upgrader.outbound(raw, Optional.of(server));
    }

    @Override
    public void close() {
      raw.close();
    }
  }
}
