package dev.warren.node;

import dev.warren.libp2p.discovery.MdnsDiscovery;
import dev.warren.libp2p.discovery.ServiceName;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multibase;
import java.util.Optional;
import java.util.function.Consumer;

/** The local network, by multicast DNS. The node is announced there for as long as this is open. */
final class LanRendezvous implements Rendezvous {
  private static final ServiceName SHARERS = ServiceName.of("_warren._udp");

  private final MdnsDiscovery lan;

  private LanRendezvous(MdnsDiscovery lan) {
    this.lan = lan;
  }

  static LanRendezvous open(Host host) {
    MdnsDiscovery lan = MdnsDiscovery.open(host.peerId(), host::addresses, host.time());
    lan.announce(ServiceName.LIBP2P);
    return new LanRendezvous(lan);
  }

  @Override
  public String name() {
    return "LAN";
  }

  @Override
  public Optional<String> problem() {
    return lan.problem();
  }

  @Override
  public Ongoing announce(byte[] key, Consumer<Announced> done) {
    return lan.announce(service(key))::close;
  }

  @Override
  public Ongoing find(byte[] key, Listener listener) {
    return lan.find(service(key), listener::found)::close;
  }

  @Override
  public Ongoing find(PeerId wanted, Listener listener) {
    return lan.find(
            ServiceName.LIBP2P,
            (peer, addresses) -> {
              if (peer.equals(wanted)) {
                listener.found(peer, addresses);
              }
            })
        ::close;
  }

  private static ServiceName service(byte[] key) {
    return SHARERS.subtype(Multibase.BASE32.encodeBare(key));
  }

  @Override
  public void close() {
    lan.close();
  }
}
