package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** A router that speaks the Port Control Protocol. */
final class PcpGateway implements Gateway {
  private final RouterSocket socket;
  private final SecureRandom random = new SecureRandom();

  /** §11.2: who wants to change a mapping must know the nonce by which it was made. */
  private final Map<PortMapping.Kind, byte[]> nonces = new EnumMap<>(PortMapping.Kind.class);

  PcpGateway(RouterSocket socket) {
    this.socket = socket;
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
    byte[] nonce = nonces.computeIfAbsent(kind, _ -> newNonce());
    return socket.ask(
        PcpMessages.map(localAddress(), nonce, kind, internalPort, externalPort, lifetime),
        datagram -> PcpMessages.readMap(datagram, nonce, kind, internalPort));
  }

  @Override
  public void unmap(PortMapping mapping) throws IOException {
    map(mapping.kind(), mapping.internalPort(), 0, Duration.ZERO);
  }

  private byte[] newNonce() {
    byte[] nonce = new byte[PcpMessages.NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  @Override
  public void close() {
    socket.close();
  }
}
