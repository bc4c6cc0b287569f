package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** A router that speaks the Port Control Protocol. */
final class PcpGateway implements Gateway {
  private final RouterSocket socket;
  private final PcpNonces nonces;
  private final RouterEpoch epoch;

  PcpGateway(RouterSocket socket, PcpNonces nonces, RouterEpoch epoch) {
    this.socket = socket;
    this.nonces = nonces;
    this.epoch = epoch;
  }

  @Override
  public String name() {
    return "PCP";
  }

  @Override
  public InetAddress localAddress() {
    return socket.localAddress();
  }

  @Override
  public PortMapping map(
      PortMapping.Kind kind, int internalPort, int externalPort, Duration lifetime)
      throws IOException {
    byte[] nonce = nonces.of(kind);
    return socket.ask(
        PcpMessages.map(localAddress(), nonce, kind, internalPort, externalPort, lifetime),
        datagram -> {
          Optional<PortMapping> mapped = PcpMessages.readMap(datagram, nonce, kind, internalPort);
          mapped.ifPresent(_ -> epoch.hear(PcpMessages.epoch(datagram)));
          return mapped;
        });
  }

  @Override
  public boolean keeps(Collection<PortMapping> mappings) throws IOException {
    try {
      epoch.hear(socket.ask(PcpMessages.announce(localAddress()), PcpMessages::readAnnounce));
    } catch (SocketTimeoutException _) {
      return false; // or it knows no such question: to renew shows which
    }
    return !epoch.hasBroken();
  }

  @Override
  public void unmap(PortMapping mapping) throws IOException {
    map(mapping.kind(), mapping.internalPort(), 0, Duration.ZERO);
  }

  @Override
  public void close() {
    socket.close();
  }
}
