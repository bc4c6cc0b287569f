package dev.warren.node;

import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.DhtStats;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.Stored;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Peers that are named to us are often gone; where hardly anybody is there it does not work. */
  private static final double LEAST_ANSWERS = 0.2;

  private static final int TELLING_QUESTIONS = 20;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final Host host;
  private final NetworkMember member;
  private final Dht dht;

  private DhtRendezvous(Host host, NetworkMember member) {
    this.host = host;
    this.member = member;
    dht = member.dht();
  }

  /** Takes part in a network, in the background at first. */
  static DhtRendezvous open(Network network, Host host, DataDirectory directory) {
    var place = new DhtRendezvous(host, NetworkMember.of(network, host, directory));
    place.member.keepJoining(_ -> {}, _ -> {});
    return place;
  }

  @Override
  public String name() {
    return "DHT " + member.network().name();
  }

  @Override
  public Optional<String> problem() {
    return problem(dht.stats());
  }

  static Optional<String> problem(DhtStats stats) {
    if (stats.peers() == 0) {
      return Optional.of("no peer of it is known yet");
    }
    boolean isSilent =
        stats.questions() >= TELLING_QUESTIONS
            && stats.answers() < LEAST_ANSWERS * stats.questions();
    return isSilent
        ? Optional.of(
            "of %d questions %d were answered".formatted(stats.questions(), stats.answers()))
        : Optional.empty();
  }

  @Override
  public Connectivity.Place standing() {
    DhtStats stats = dht.stats();
    OptionalLong size = stats.networkSize();
    String detail =
        (size.isPresent() ? ", of about %,d; ".formatted(size.getAsLong()) : ", ")
            + "%d of %d questions answered; ".formatted(stats.answers(), stats.questions())
            + (stats.mode() == Mode.SERVER ? "this one answers too" : "this one only asks");
    return new Connectivity.Place(
        name(), member.network().isOfInternet(), stats.peers(), detail, problem());
  }

  @Override
  public Ongoing announce(byte[] key, Consumer<Announced> done) {
    Target target = target(key);
    var ended = new AtomicBoolean();
    var told = new AtomicBoolean();
    var announced = new AtomicReference<List<Multiaddr>>(List.of());
    long begin = host.time().nanoTime();
    var trying =
        new Retrying(
            "dht-announce",
            host.time(),
            LONGEST_PAUSE,
            () -> {
              List<Multiaddr> addresses = host.addresses();
              if (addresses.equals(announced.get())) {
                return false; // until they change, such as when a relay is found, or lost
              }
              member.awaitPeers();
              Stored stored;
              try {
                stored = dht.keepProviding(target);
              } finally {
                if (ended.get()) { // meanwhile
                  dht.stopProviding(target);
                }
              }
              if (stored.stored() == 0) {
                return false;
              }
              announced.set(addresses);
              if (!told.getAndSet(true)) {
                long took = host.time().nanoTime() - begin;
                done.accept(
                    new Announced(name(), stored.stored(), stored.asked(), Duration.ofNanos(took)));
              }
              return false;
            });
    HostListener moved =
        new HostListener() {
          @Override
          public void addressesChanged() {
            trying.hurry();
          }
        };
    host.addListener(moved);
    return () -> {
      host.removeListener(moved);
      ended.set(true);
      trying.close();
      dht.stopProviding(target);
    };
  }

  @Override
  public Ongoing find(byte[] key, Listener listener) {
    Target target = target(key);
    var again = new AtomicBoolean();
    return new Retrying(
        "dht-find",
        host.time(),
        LONGEST_PAUSE,
        () -> {
          member.awaitPeers();
          for (Contact provider :
              dht.findProviders(target, MAX_PROVIDERS, each -> tell(each, listener))) {
            // The addresses of a record may be a day old; those of before led nowhere.
            if (again.get() || provider.addresses().isEmpty()) {
              dht.findPeer(provider.peer()).ifPresent(each -> tell(each, listener));
            }
          }
          again.set(true);
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
          member.awaitPeers();
          dht.findPeer(peer).ifPresent(each -> tell(each, listener));
          return false;
        });
  }

  @Override
  public void reachable(Reachability now) {
    member.reachable(now);
  }

  @Override
  public void wander() {
    byte[] anywhere = new byte[32];
    RANDOM.nextBytes(anywhere);
    try {
      member.awaitPeers();
      dht.closestPeers(target(anywhere));
    } catch (IOException e) {
      log.debug("nobody was met in {}: {}", name(), e.toString());
    }
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
    member.close();
  }
}
