package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.record.MemoryRecords;
import dev.warren.libp2p.dht.record.ProviderRecord;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.record.Validators;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Describes a node of a DHT. Everything but the host has a default. */
public final class DhtBuilder {
  private final Host host;
  private DhtNetwork network = DhtNetwork.WARREN;
  private Mode mode = Mode.CLIENT;
  private Predicate<Multiaddr> withheld = _ -> false;
  private InstantSource clock = InstantSource.system();
  private RandomGenerator random = new SecureRandom();
  private int paths = 1;
  private Duration refreshInterval = Duration.ofMinutes(10);
  private Duration reprovideInterval = ProviderRecord.REPUBLISH_INTERVAL;
  private List<Contact> known = List.of();
  private @Nullable RecordStore records;
  private @Nullable Validators validators;

  DhtBuilder(Host host) {
    this.host = host;
  }

  /** The network; Warren's own if nothing is said. */
  public DhtBuilder network(DhtNetwork which) {
    network = which;
    return this;
  }

  /** What to do for others; nothing, unless it is said. */
  public DhtBuilder mode(Mode which) {
    mode = which;
    return this;
  }

  /** Which of this node's own addresses are known to lead nowhere, and are not told to others. */
  public DhtBuilder withholding(Predicate<Multiaddr> addresses) {
    withheld = addresses;
    return this;
  }

  /** Where to keep what others store here; in memory, unless it is said. */
  public DhtBuilder records(RecordStore store) {
    records = store;
    return this;
  }

  /** Which values to keep and to believe. */
  public DhtBuilder validators(Validators which) {
    validators = which;
    return this;
  }

  /** Peers of an earlier time, from {@link Dht#snapshot}. */
  public DhtBuilder known(List<Contact> contacts) {
    known = List.copyOf(contacts);
    return this;
  }

  /**
   * On how many paths that do not meet to look for things; one, unless it is said. With several, a
   * peer that names only its friends leads no more than its own path astray, at the price of more
   * requests.
   */
  public DhtBuilder paths(int count) {
    if (count < 1 || count > Lookup.Settings.ALL.alpha()) {
      throw new IllegalArgumentException(
          "a look-up has 1 to " + Lookup.Settings.ALL.alpha() + " paths, not " + count);
    }
    paths = count;
    return this;
  }

  /** How often to look after the routing table. */
  public DhtBuilder refreshInterval(Duration interval) {
    refreshInterval = interval;
    return this;
  }

  /** How often to provide again what is provided. */
  public DhtBuilder reprovideInterval(Duration interval) {
    reprovideInterval = interval;
    return this;
  }

  /** The time of day, by which records expire. */
  public DhtBuilder clock(InstantSource source) {
    clock = source;
    return this;
  }

  /** What chance comes from. */
  public DhtBuilder random(RandomGenerator source) {
    random = source;
    return this;
  }

  /** Starts to take part. The host remains the caller's to close. */
  public Dht start() {
    var dht = new Dht(this);
    dht.start(known);
    return dht;
  }

  Host host() {
    return host;
  }

  DhtNetwork network() {
    return network;
  }

  Predicate<Multiaddr> withheld() {
    return withheld;
  }

  Mode mode() {
    return mode;
  }

  InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  int paths() {
    return paths;
  }

  Duration refreshInterval() {
    return refreshInterval;
  }

  Duration reprovideInterval() {
    return reprovideInterval;
  }

  RecordStore records() {
    RecordStore store = records;
    return store == null
        ? new MemoryRecords(Key.of(host.peerId()), RecordStore.Limits.DEFAULT)
        : store;
  }

  Validators validators() {
    Validators which = validators;
    return which == null ? Validators.warren(clock) : which;
  }
}
