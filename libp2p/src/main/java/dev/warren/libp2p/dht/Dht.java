package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.lookup.Lookup.Settings;
import dev.warren.libp2p.dht.provide.OptimisticProvide;
import dev.warren.libp2p.dht.record.ProviderRecord;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.record.Validator;
import dev.warren.libp2p.dht.record.Validators;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.dht.wire.Response;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a distributed hash table: finds peers, what they provide, and values that they have
 * stored, without anybody in the middle (libp2p/specs kad-dht).
 *
 * <pre>{@code
 * try (Dht dht = Dht.on(host).network(DhtNetwork.WARREN).mode(Mode.SERVER).start()) {
 *   dht.bootstrap(addresses);
 *   dht.provide(key);
 *   dht.findProviders(key, 20, provider -> ...);
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread. Those that ask others block, for some seconds at
 * most; interrupting them is safe.
 */
public final class Dht implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Dht.class);

  static final int K = 20;

  /** Records that are being stored, of all keys, each with a peer. */
  private static final int MAX_STORES = 256;

  /** Of one peer: each who answers can invent as many as an answer holds. */
  private static final int MAX_FOUND_ADDRESSES = 64;

  /** With so many of k a record can be found; the others get it in the background. */
  private static final int ENOUGH_STORED = 15;

  /** With fewer than this something has gone wrong with guessing who is near. */
  private static final int TOO_FEW_STORED = K / 2;

  private final Host host;
  private final DhtNetwork network;
  private final Predicate<Multiaddr> withheld;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final RecordStore records;
  private final Validators validators;
  private final Table table;
  private final KadClient client;
  private final KadService service;
  private final Membership members;
  private final Lookups lookups;
  private final Refresh refresh;
  private final Reprovider reprovider;
  private final Semaphore stores = new Semaphore(MAX_STORES);
  private final ReentrantLock lock = new ReentrantLock();
  private Mode mode = Mode.CLIENT; // guarded by lock

  Dht(DhtBuilder builder) {
    host = builder.host();
    network = builder.network();
    withheld = builder.withheld();
    clock = builder.clock();
    random = builder.random();
    records = builder.records();
    validators = builder.validators();
    var self = Target.of(host.peerId());
    var settings =
        network.reach() == Reach.PUBLIC
            ? RoutingTable.Settings.DIVERSE
            : RoutingTable.Settings.PLAIN;
    table = new Table(new RoutingTable(self.key(), settings));
    client = new KadClient(host, network.protocol());
    members = new Membership(host, network, table, client);
    lookups = new Lookups(builder, table, client, members, this::lookedUp);
    var server =
        new KadServer(table, records, validators, network.reach(), clock, this::addressesOf);
    service = new KadService(server, host.time());
    refresh = new Refresh(this, table, members, self, builder);
    reprovider = new Reprovider(this, host.time(), builder);
    setMode(builder.mode());
  }

  /** Describes a node on this host. */
  public static DhtBuilder on(Host host) {
    return new DhtBuilder(host);
  }

  void start(List<Contact> known) {
    long nanos = host.time().nanoTime();
    known.forEach(contact -> table.tell(contacts -> contacts.restore(contact, nanos)));
    host.addListener(members);
    for (Connection connection : host.connections()) { // those of before
      PeerId peer = connection.remotePeer();
      host.peerstore().info(peer).ifPresent(info -> members.identified(peer, info));
    }
    refresh.start();
  }

  /** The network that this node is in. */
  public DhtNetwork network() {
    return network;
  }

  /** What this node does for others. */
  public Mode mode() {
    lock.lock();
    try {
      return mode;
    } finally {
      lock.unlock();
    }
  }

  /** Changes what this node does for others; they hear of it by identify. */
  public void setMode(Mode which) {
    lock.lock();
    try {
      mode = which;
      service.setOpen(which == Mode.SERVER);
      switch (which) {
        case SERVER -> host.handle(network.protocol(), service);
        case CLIENT -> host.unhandle(network.protocol());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Joins the network by way of peers at these addresses, which end in their ids or not. Returns
   * when the peers around this node are known.
   *
   * @return how many peers are in the routing table
   * @throws NoPeersException if none of them is there, and nobody else is known
   */
  public int bootstrap(Collection<Multiaddr> addresses) throws IOException {
    refresh.join(List.copyOf(addresses));
    if (closestPeers(Target.of(host.peerId())).isEmpty()) { // peers of an earlier time may be gone
      throw new NoPeersException(
          "no known peer of %s answers; check that this machine is online"
              .formatted(network.protocol()));
    }
    refresh.soon();
    return size();
  }

  /** The peers nearest to the target of all that answer, nearest first. */
  public List<Contact> closestPeers(Target target) throws IOException {
    return lookups.lookUp(target).closest();
  }

  /**
   * Finds out where a peer is. It need not be a server, but some server near to it has to have met
   * it.
   *
   * @return the peer and its addresses, to some of which there is a connection now if it could be
   *     reached
   */
  public Optional<Contact> findPeer(PeerId peer) throws IOException {
    if (client.isConnected(peer)) {
      return Optional.of(Contact.of(peer, addressesOf(peer)));
    }
    var target = Target.of(peer);
    var request = new Request.FindNode(target);
    var found = new ArrayList<Multiaddr>();
    Lookup lookup = lookups.begin(target, Settings.NEAREST);
    lookups.run(
        lookup,
        // The peer itself is reached, not asked: it may be a client.
        (contact, call) -> {
          if (!contact.peer().equals(peer)) {
            return client.ask(contact, request, call);
          }
          client.dial(contact, call);
          return Response.EMPTY;
        },
        (contact, response) -> {
          response.closer().stream()
              .filter(closer -> closer.peer().equals(peer))
              .forEach(closer -> found.addAll(closer.addresses()));
          if (contact.peer().equals(peer)) {
            lookup.stop();
          }
        });
    found.addAll(addressesOf(peer));
    List<Multiaddr> all = found.stream().distinct().limit(MAX_FOUND_ADDRESSES).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(Contact.of(peer, all));
  }

  /**
   * Finds those who provide this.
   *
   * @param limit how many are enough
   * @param each is told of each of them as it is found, on the calling thread
   * @return all of them; those without addresses can be looked for with {@link #findPeer}
   */
  public List<Contact> findProviders(Target key, int limit, Consumer<Contact> each)
      throws IOException {
    var search = new ProviderSearch(limit, each);
    Instant now = clock.instant();
    for (ProviderRecord record : records.providers(key, limit)) {
      if (record.isValid(now) && !record.peer().equals(host.peerId())) {
        search.found(Contact.of(record.peer(), record.addresses(now)));
      }
    }
    if (!search.isOver() && (size() > 0 || search.providers().isEmpty())) {
      lookups.search(
          key,
          new Request.GetProviders(key),
          (_, response) -> response.providers().forEach(search::found),
          search::isOver);
    }
    return search.providers();
  }

  /**
   * Makes known that this node provides this, until {@link ProviderRecord#VALIDITY} has passed.
   * Returns as soon as others can find it.
   */
  public Stored provide(Target key) throws IOException {
    Stored stored = provide(key, estimate());
    // Peers that could only be guessed to be there may not be.
    return stored.stored() < Math.min(TOO_FEW_STORED, stored.asked())
        ? provide(key, OptionalDouble.empty())
        : stored;
  }

  private Stored provide(Target key, OptionalDouble size) throws IOException {
    long start = host.time().nanoTime();
    var request = new Request.AddProvider(key, List.of(ownContact()));
    var storing =
        new Storing((peer, call) -> client.store(peer, List.of(request), call), stores, members);
    Lookup lookup = lookups.begin(key, Settings.ALL);
    var plan = new OptimisticProvide(lookup, K, size);
    lookups.run(
        lookup,
        lookups.asking(new Request.FindNode(key)),
        new LookupRunner.Watcher() {
          @Override
          public void answered(Contact contact, Response response) {
            // changed() comes next
          }

          @Override
          public void changed() throws InterruptedIOException {
            storing.begin(plan.whomNow());
          }
        });
    lookups.learn(lookup);
    storing.begin(plan.whomFinally());
    lookups.aroundTheCrowd(lookup, lookup.closestAlive(), storing::begin, () -> false);
    return await(storing, start);
  }

  /**
   * Makes known that this node provides this, and does so again in time, until {@link
   * #stopProviding} or the end of this node. Peers that cannot be reached now are told later.
   */
  public Stored keepProviding(Target key) throws IOException {
    reprovider.add(key);
    return provide(key);
  }

  /** Lets what is known of this node and the key come to its end. */
  public void stopProviding(Target key) {
    reprovider.remove(key);
  }

  /** Has each peer store its records, all that it is to have over one stream. */
  int provideTo(Contact peer, List<Target> keys) {
    Contact self = ownContact();
    List<Request.AddProvider> requests =
        keys.stream().map(key -> new Request.AddProvider(key, List.of(self))).toList();
    try {
      client.store(peer, requests, new Call());
      return requests.size();
    } catch (IOException e) {
      log.debug("{} does not keep {} records: {}", peer.peer(), keys.size(), e.toString());
      members.failed(peer);
      return 0;
    }
  }

  void deleteExpired() {
    records.deleteExpired(clock.instant());
  }

  /** Stores a value, which has to be valid under its key, with the peers nearest to it. */
  public Stored putValue(Target key, Value value) throws IOException {
    validators.of(key).validate(key, value);
    long start = host.time().nanoTime();
    Lookup lookup = lookups.lookUp(key);
    var storing = storingValue(key, value);
    storing.begin(lookup.closest());
    lookups.aroundTheCrowd(lookup, lookup.closest(), storing::begin, () -> false);
    return await(storing, start);
  }

  private Storing storingValue(Target key, Value value) {
    var request = new Request.PutValue(key, value);
    return new Storing((peer, call) -> client.ask(peer, request, call), stores, members);
  }

  /** The newest value under the key that is to be found; brings those that have none up to date. */
  public Optional<Value> getValue(Target key) throws IOException {
    Validator validator = validators.of(key);
    var search = new ValueSearch(key, validator);
    Instant now = clock.instant();
    records
        .value(key)
        .filter(record -> record.isValid(now))
        .ifPresent(record -> search.heard(record.value()));
    List<Contact> closest =
        lookups.search(
            key,
            new Request.GetValue(key),
            (contact, response) -> search.answered(contact, response.value()),
            search::isOver);
    Optional<Value> best = search.best();
    if (best.isPresent()) { // specs: "Entry correction"
      storingValue(key, best.get()).begin(search.outdated(closest));
    }
    return best;
  }

  /**
   * Looks at every distance where nobody has looked for long, which begins by itself after {@link
   * #bootstrap}. Returns when the table holds what is to be found.
   */
  public void refresh() throws IOException {
    refresh.now();
  }

  /**
   * Visits all peers of the network that can be found, one after the other and without taking them
   * into the table: who is there, and who has gone?
   *
   * @param maxPeers after which nobody else is visited
   * @param each is told of each, on the calling thread
   * @return whether that were all who were named
   */
  public boolean crawl(int maxPeers, Consumer<Crawled> each) throws IOException {
    List<Contact> seeds = snapshot();
    if (seeds.isEmpty()) {
      throw NoPeersException.of(network.protocol());
    }
    return new Crawler(host, client, network.reach(), random, maxPeers).crawl(seeds, each);
  }

  /** Peers to be remembered for the next time. */
  public List<Contact> snapshot() {
    return table.ask(RoutingTable::contacts);
  }

  /** How many peers are in the routing table. */
  public int size() {
    return table.ask(RoutingTable::size);
  }

  /** How this node is doing. */
  public DhtStats stats() {
    RecordStore.Size size = records.size();
    OptionalDouble estimate = estimate();
    return new DhtStats(
        network.protocol(),
        mode(),
        size(),
        estimate.isPresent()
            ? OptionalLong.of(Math.round(estimate.getAsDouble()))
            : OptionalLong.empty(),
        size.providers(),
        size.values(),
        reprovider.size(),
        service.answered(),
        service.refused(),
        client.questions(),
        client.answers());
  }

  /** Takes part no longer. The host stays as it is otherwise. */
  @Override
  public void close() {
    setMode(Mode.CLIENT);
    members.close();
    refresh.close();
    reprovider.close();
  }

  private void lookedUp(Key target) {
    refresh.lookedUp(target);
  }

  OptionalDouble estimate() {
    return lookups.networkSize();
  }

  private Stored await(Storing storing, long startNanos) throws InterruptedIOException {
    storing.await(ENOUGH_STORED, host.time(), client.patience());
    long took = host.time().nanoTime() - startNanos;
    return new Stored(storing.stored(), storing.asked(), Duration.ofNanos(took));
  }

  private Contact ownContact() {
    List<Multiaddr> ofUse = ownAddresses();
    // A record without any address is refused; who gets this one can still look for the peer.
    return Contact.of(host.peerId(), ofUse.isEmpty() ? host.addresses() : ofUse);
  }

  private List<Multiaddr> ownAddresses() {
    return network
        .reach()
        .filter(host.addresses().stream().filter(Predicate.not(withheld)).toList());
  }

  private List<Multiaddr> addressesOf(PeerId peer) {
    return peer.equals(host.peerId()) ? ownAddresses() : host.peerstore().addresses(peer);
  }
}
