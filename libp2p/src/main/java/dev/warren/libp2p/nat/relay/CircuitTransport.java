package dev.warren.libp2p.nat.relay;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multiaddr.Component;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Peer;
import dev.warren.libp2p.nat.relay.pb.Status;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.Transport;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Dials through relays, at addresses such as {@code …/p2p/RELAY/p2p-circuit/p2p/PEER}. */
final class CircuitTransport implements Transport {
  private final Host host;

  CircuitTransport(Host host) {
    this.host = host;
  }

  /** One relay, not a chain of them. */
  @Override
  public boolean handles(Multiaddr address) {
    List<Protocol> protocols = address.withoutPeer().protocols();
    int length = protocols.size();
    return length >= 2
        && protocols.get(length - 1) == Protocol.P2P_CIRCUIT
        && protocols.get(length - 2) == Protocol.P2P
        && protocols.indexOf(Protocol.P2P_CIRCUIT) == length - 1;
  }

  @Override
  public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
    PeerId target =
        address
            .peer()
            .map(PeerId::parse)
            .orElseThrow(() -> new IOException("the address does not say who is to be reached"));
    Multiaddr circuit = address.withoutPeer();
    Connection relay = reach(relayOf(circuit), target, cancellation);
    cancellation.check();
    Stream stream = relay.open(RelayServer.HOP);
    try (var _ = cancellation.onCancel(() -> stream.reset(0))) {
      CircuitMessages.write(
          stream,
          HopMessage.newBuilder()
              .setType(HopMessage.Type.CONNECT)
              .setPeer(Peer.newBuilder().setId(ByteString.copyFrom(target.toBytes())))
              .build());
      HopMessage answer = CircuitMessages.readHop(stream);
      if (answer.getType() != HopMessage.Type.STATUS || answer.getStatus() != Status.OK) {
        throw new RelayRefusedException(answer.getStatus());
      }
      return new CircuitConnection(stream, circuit, CircuitLimit.of(answer.getLimit()));
    } catch (IOException e) {
      stream.reset(0);
      throw cancellation.explain(e);
    }
  }

  /**
   * Connects to the relay, and not through others: a circuit that leads through its own end, or two
   * that lead through each other's, would wait for themselves.
   */
  private Connection reach(Multiaddr address, PeerId target, Cancellation cancellation)
      throws IOException {
    PeerId relay = PeerId.parse(address.peer().orElseThrow());
    if (relay.equals(target) || relay.equals(host.peerId())) {
      throw new IOException("the circuit leads through one of its own ends");
    }
    Set<Multiaddr> addresses = new LinkedHashSet<>();
    addresses.add(address);
    addresses.addAll(host.peerstore().addresses(relay));
    addresses.removeIf(it -> it.isCircuit() || it.withoutPeer().isEmpty());
    return host.dialDirectly(relay, addresses, cancellation);
  }

  private static Multiaddr relayOf(Multiaddr circuit) {
    Multiaddr relay = Multiaddr.EMPTY;
    for (Component component : circuit.components()) {
      if (component.protocol() != Protocol.P2P_CIRCUIT) {
        relay = relay.with(component.protocol(), component.value());
      }
    }
    return relay;
  }

  @Override
  public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
      throws IOException {
    throw new IOException("a relay is not listened on; a place at it is reserved");
  }
}
