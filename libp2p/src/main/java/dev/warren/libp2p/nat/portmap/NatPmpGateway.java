package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** A router that speaks the NAT Port Mapping Protocol. */
final class NatPmpGateway implements Gateway {
  private final RouterSocket socket;
  private final RouterEpoch epoch;

  NatPmpGateway(RouterSocket socket, RouterEpoch epoch) {
    this.socket = socket;
    this.epoch = epoch;
  }

  @Override
  public String name() {
    return "NAT-PMP";
  }

  @Override
  public InetAddress localAddress() {
    return socket.localAddress();
  }

  /** The address of the router on the other side. */
  InetAddress externalAddress() throws IOException {
    return ask(NatPmpMessages.externalAddress(), NatPmpMessages::readExternalAddress);
  }

  @Override
  public PortMapping map(
      PortMapping.Kind kind, int internalPort, int externalPort, Duration lifetime)
      throws IOException {
    InetAddress external = externalAddress();
    NatPmpMessages.Mapped mapped = ask(kind, internalPort, externalPort, lifetime);
    return new PortMapping(
        kind,
        internalPort,
        new InetSocketAddress(external, mapped.externalPort()),
        mapped.lifetime());
  }

  @Override
  public boolean keeps(Collection<PortMapping> mappings) throws IOException {
    InetAddress external = externalAddress();
    return !epoch.hasBroken()
        && mappings.stream().allMatch(it -> it.external().getAddress().equals(external));
  }

  @Override
  public void unmap(PortMapping mapping) throws IOException {
    ask(mapping.kind(), mapping.internalPort(), 0, Duration.ZERO);
  }

  private NatPmpMessages.Mapped ask(
      PortMapping.Kind kind, int internalPort, int externalPort, Duration lifetime)
      throws IOException {
    return ask(
        NatPmpMessages.map(kind, internalPort, externalPort, lifetime),
        datagram -> NatPmpMessages.readMap(datagram, kind, internalPort));
  }

  private <T> T ask(byte[] question, RouterSocket.Answers<T> answers) throws IOException {
    return socket.ask(
        question,
        datagram -> {
          Optional<T> answer = answers.read(datagram);
          answer.ifPresent(_ -> epoch.hear(NatPmpMessages.epoch(datagram)));
          return answer;
        });
  }

  @Override
  public void close() {
    socket.close();
  }
}
