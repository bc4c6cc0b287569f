package dev.warren.libp2p.discovery;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the peers of the local network, and lets them find this one, by multicast DNS (libp2p/specs
 * discovery/mdns.md, RFC 6762, RFC 6763).
 *
 * <pre>{@code
 * MdnsDiscovery lan = MdnsDiscovery.open(host.peerId(), host::addresses, host.time());
 * lan.announce(ServiceName.LIBP2P);
 * lan.find(ServiceName.LIBP2P, (peer, addresses) -> host.peerstore().addAddresses(peer, addresses));
 * }</pre>
 *
 * <p>It dials nobody, and never fails: where the network does not let it work, {@link #problem} and
 * one line of the log say why, and it goes on trying. All methods may be called from any thread.
 */
public final class MdnsDiscovery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MdnsDiscovery.class);

  /** How soon another network, or another address of it, is noticed. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  /** RFC 6762, 8.3. */
  private static final Duration SECOND_ANNOUNCEMENT = Duration.ofSeconds(1);

  /** The specification wants 32 at least, DNS 63 at most; and every packet has it four times. */
  private static final int NAME_CHARACTERS = 32;

  private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  /** Something that goes on until it is closed. */
  public interface Ongoing extends AutoCloseable {
    @Override
    void close();
  }

  private record Announcement(ServiceName service, Paced answer, Paced type) {}

  private final Instance self;
  private final Supplier<List<Multiaddr>> addresses;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Link link;
  private final List<Announcement> announcements = new CopyOnWriteArrayList<>();
  private final List<Search> searches = new CopyOnWriteArrayList<>();
  private final ReentrantLock lookLock = new ReentrantLock();
  private Map<Face, List<Multiaddr>> announced = Map.of(); // guarded by lookLock
  private TimeSource.Scheduled nextLook = () -> {}; // guarded by lookLock
  private final AtomicReference<String> reported = new AtomicReference<>("");
  private volatile List<Face> faces = List.of();
  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean closed;

  MdnsDiscovery(
      PeerId peer,
      Supplier<List<Multiaddr>> addresses,
      TimeSource time,
      RandomGenerator random,
      Function<Link.Receiver, Link> network) {
    this.self = new Instance(name(random), peer);
    this.addresses = addresses;
    this.time = time;
    this.random = random;
    this.link = network.apply(this::received);
  }

  /**
   * Begins to listen on every interface of this machine.
   *
   * @param peer who we are
   * @param addresses where we can be dialed, asked for whenever we say it
   */
  public static MdnsDiscovery open(
      PeerId peer, Supplier<List<Multiaddr>> addresses, TimeSource time) {
    return new MdnsDiscovery(peer, addresses, time, new SecureRandom(), MulticastLink::new).start();
  }

  MdnsDiscovery start() {
    look();
    return this;
  }

  /** Lets others find this node under a name, until the announcement or all of this is closed. */
  public Ongoing announce(ServiceName service) {
    Announcement announcement =
        new Announcement(
            service,
            new Paced(time, random, () -> sendAnnouncement(service)),
            new Paced(time, random, () -> send(Instance.type(service))));
    announcements.add(announcement);
    announcement.answer().send();
    time.after(SECOND_ANNOUNCEMENT, () -> announceAgain(announcement));
    return () -> {
      if (announcements.remove(announcement)) {
        send(self.goodbye(service));
      }
    };
  }

  private void announceAgain(Announcement announcement) {
    if (announcements.contains(announcement)) {
      announcement.answer().send();
    }
  }

  /** Tells the listener who is found under a name, until the search or all of this is closed. */
  public Ongoing find(ServiceName service, PeerFound listener) {
    Search search =
        new Search(service, listener, time, random, () -> send(Instance.query(service)));
    searches.add(search);
    search.start();
    if (closed) { // perhaps only now, so that close() has not seen this one
      search.close();
    }
    return () -> {
      searches.remove(search);
      search.close();
    };
  }

  /** Announces anew if the addresses are others; otherwise that is noticed within seconds. */
  public void addressesChanged() {
    look();
  }

  /** Why the local network cannot be asked at present, if so. */
  public Optional<String> problem() {
    return problem;
  }

  /** Says goodbye and ends. */
  @Override
  public void close() {
    announcements.forEach(announcement -> send(self.goodbye(announcement.service())));
    lookLock.lock();
    try {
      closed = true;
      nextLook.cancel();
    } finally {
      lookLock.unlock();
    }
    searches.forEach(Search::close);
    link.close();
  }

  /** Notices other interfaces and addresses, now and from time to time. */
  private void look() {
    boolean otherFaces;
    boolean otherAddresses;
    lookLock.lock();
    try {
      if (closed) {
        return;
      }
      nextLook.cancel();
      nextLook = time.after(LOOK_INTERVAL, this::look);
      List<Face> before = faces;
      faces = lookAtFaces();
      List<Multiaddr> own = ownAddresses();
      Map<Face, List<Multiaddr>> reachable =
          faces.stream()
              .collect(Collectors.toMap(face -> face, face -> Instance.reachable(face, own)));
      otherFaces = !faces.equals(before);
      otherAddresses = !reachable.equals(announced);
      announced = reachable;
    } finally {
      lookLock.unlock();
    }
    if (otherFaces) {
      searches.forEach(Search::start);
    }
    if (otherAddresses) {
      announcements.forEach(announcement -> announcement.answer().send());
    }
  }

  private List<Face> lookAtFaces() {
    try {
      List<Face> now = link.faces();
      if (now.isEmpty()) {
        report("no network interface is up");
      }
      return now;
    } catch (IOException e) {
      report(e.getMessage());
      return List.of();
    }
  }

  private List<Multiaddr> ownAddresses() {
    try {
      return addresses.get();
    } catch (RuntimeException e) {
      log.error("the addresses to announce could not be had", e);
      return List.of();
    }
  }

  private void received(byte[] bytes, InetAddress source) {
    // Who can be reached only through a router has no business here (RFC 6762, 11).
    if (!Instance.isZoned(source) && !isNeighbour(source)) {
      return;
    }
    try {
      DnsMessage message = DnsReader.read(bytes);
      if (message.response()) {
        searches.forEach(search -> hear(message, search, source));
      } else {
        answer(message);
      }
    } catch (MalformedException e) {
      log.debug("ignoring a message of {}: {}", source, e.getMessage());
    } catch (RuntimeException e) {
      log.error("a message met a fault", e);
    }
  }

  private void answer(DnsMessage query) {
    for (DnsMessage.Question question : query.questions()) {
      for (Announcement announcement : announcements) {
        if (self.answers(question, announcement.service())) {
          if (!self.isKnown(query, announcement.service())) {
            announcement.answer().ask();
          }
        } else if (question.name().equals(Instance.ALL_SERVICES)) {
          announcement.type().ask();
        }
      }
      searches.stream()
          .filter(search -> search.service().question().equals(question.name()))
          .filter(_ -> query.answers().isEmpty())
          .forEach(Search::asked);
    }
  }

  private void hear(DnsMessage message, Search search, InetAddress source) {
    for (Sighting sighting : Sighting.in(message, search.service())) {
      if (!sighting.peer().equals(Optional.of(self.peer()))) {
        search.heard(sighting.only(address -> isDialable(address, source)), source);
      }
    }
  }

  /** Whether an address leads no further than the source of it may tell us to go. */
  private boolean isDialable(Multiaddr address, InetAddress source) {
    Optional<InetAddress> ip = address.ip().filter(_ -> !address.isCircuit());
    return ip.isPresent()
        && (ip.get().isLoopbackAddress()
            ? faces.stream().anyMatch(face -> face.has(source))
            : isNeighbour(ip.get()) && !Instance.isZoned(ip.get()));
  }

  private boolean isNeighbour(InetAddress ip) {
    return faces.stream().anyMatch(face -> face.reaches(ip));
  }

  private void sendAnnouncement(ServiceName service) {
    List<Multiaddr> own = ownAddresses();
    send(face -> self.announcement(service, face, own));
  }

  private void send(DnsMessage message) {
    send(_ -> List.of(message));
  }

  private void send(Function<Face, List<DnsMessage>> messages) {
    Optional<String> failure = Optional.empty();
    boolean sent = false;
    for (Face face : closed ? List.<Face>of() : faces) {
      try {
        for (DnsMessage message : messages.apply(face)) {
          link.send(face, DnsWriter.write(message));
          sent = true;
        }
      } catch (IOException e) {
        failure = Optional.of("cannot send on " + face.name() + ": " + e.getMessage());
      }
    }
    if (failure.isPresent()) {
      report(failure.get());
    } else if (sent) {
      problem = Optional.empty();
    }
  }

  private void report(String reason) {
    problem = Optional.of(reason);
    if (!reason.equals(reported.getAndSet(reason))) {
      log.info("discovery on the local network does not work everywhere: {}", reason);
    }
  }

  private static String name(RandomGenerator random) {
    return random
        .ints(NAME_CHARACTERS, 0, NAME_ALPHABET.length())
        .mapToObj(NAME_ALPHABET::charAt)
        .map(String::valueOf)
        .collect(Collectors.joining());
  }
}
