package dev.warren.node;

import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.Stored;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multihash;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A distributed table. Keys are kept there as those of contents are, so that peers who know nothing
 * of Warren keep them too.
 */
final class DhtRendezvous implements Rendezvous {
  private static final Logger log = LoggerFactory.getLogger(DhtRendezvous.class);

  /** A key is that of one share; who finds more is being fooled, and the first come first. */
  private static final int MAX_PROVIDERS = 20;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
  private static final Duration LONGEST_AWAY = Duration.ofMinutes(5);
  private static final Duration KEEP_PEERS_EVERY = Duration.ofMinutes(10);

  private final Network network;
  private final Host host;
  private final Dht dht;
  private final PeersFile peers;
  private final Closing closing = new Closing();

  private DhtRendezvous(Network network, Host host, Dht dht, PeersFile peers) {
    this.network = network;
    this.host = host;
    this.dht = dht;
    this.peers = peers;
  }

  /** Takes part in a network, in the background at first. */
  static DhtRendezvous open(Network network, Host host, PeersFile peers) {
    Dht dht =
        Dht.on(host).network(network.table()).mode(network.mode()).known(peers.read()).start();
    var place = new DhtRendezvous(network, host, dht, peers);
    place.closing.add(dht);
    place.closing.add(new Retrying("dht-join", host.time(), LONGEST_AWAY, place::join)::close);
    place.closing.add(
        new Retrying("dht-keep-peers", host.time(), KEEP_PEERS_EVERY, place::keepPeers)::close);
    return place;
  }

  private boolean join() throws IOException {
    int known = dht.bootstrap(network.bootstrap());
    log.info("in the network '{}' with {} peers", network.name(), known);
    return true;
  }

  private boolean keepPeers() {
    peers.write(dht.snapshot());
    return false;
  }

  Dht dht() {
    return dht;
  }

  @Override
  public String name() {
    return "DHT " + network.name();
  }

  @Override
  public Optional<String> problem() {
    return dht.size() > 0 ? Optional.empty() : Optional.of("no peer of it is known yet");
  }

  @Override
  public Ongoing announce(byte[] key, Consumer<Announced> done) {
    Target target = target(key);
    long begin = host.time().nanoTime();
    var trying =
        new Retrying(
            "dht-announce",
            host.time(),
            LONGEST_PAUSE,
            () -> {
              Stored stored = dht.keepProviding(target);
              if (stored.stored() == 0) {
                return false;
              }
              long took = host.time().nanoTime() - begin;
              done.accept(
                  new Announced(name(), stored.stored(), stored.asked(), Duration.ofNanos(took)));
              return true;
            });
    return () -> {
      trying.close();
      dht.stopProviding(target);
    };
  }

  @Override
  public Ongoing find(byte[] key, Listener listener) {
    Target target = target(key);
    return new Retrying(
        "dht-find",
        host.time(),
        LONGEST_PAUSE,
        () -> {
          for (Contact provider :
              dht.findProviders(target, MAX_PROVIDERS, each -> tell(each, listener))) {
            if (provider.addresses().isEmpty()) {
              dht.findPeer(provider.peer()).ifPresent(each -> tell(each, listener));
            }
          }
          return false; // it may come later, or to another address
        });
  }

  @Override
  public Ongoing find(PeerId peer, Listener listener) {
    return new Retrying(
        "dht-find",
        host.time(),
        LONGEST_PAUSE,
        () -> {
          dht.findPeer(peer).ifPresent(each -> tell(each, listener));
          return false;
        });
  }

  private static void tell(Contact contact, Listener listener) {
    if (!contact.addresses().isEmpty()) {
      listener.found(contact.peer(), contact.addresses());
    }
  }

  private static Target target(byte[] key) {
    return Target.of(Multihash.of(Multihash.SHA2_256, key));
  }

  @Override
  public void close() {
    peers.write(dht.snapshot());
    closing.close();
  }
}
