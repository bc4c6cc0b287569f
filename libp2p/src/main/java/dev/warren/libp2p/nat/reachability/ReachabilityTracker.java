package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.AutoNatClient;
import dev.warren.libp2p.nat.autonat.DialBackAnswer;
import dev.warren.libp2p.nat.reachability.ProbePlan.Probe;
import dev.warren.libp2p.nat.reachability.ProbePlan.Server;
import dev.warren.libp2p.nat.reachability.ProbePlan.Target;
import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how a host can be reached, and goes on finding out: collects as what peers see it, has
 * servers of AutoNAT among the connected peers dial what may lead to it, and tells others of the
 * addresses that do.
 *
 * <p>All that is known is put together anew when something happens, and at each tick, by one thread
 * at a time. What decides are {@link ObservedAddresses} and {@link ProbePlan}.
 */
public final class ReachabilityTracker implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(ReachabilityTracker.class);

  /** Interfaces change without a word. */
  private static final Duration TICK = Duration.ofSeconds(5);

  /** What happens comes in groups, such as the peers of a network that is joined. */
  private static final Duration DELAY = Duration.ofMillis(50);

  private static final int MAX_ENDED = 64;

  private final Host host;
  private final boolean laboratory;
  private final AutoNatClient client;
  private final Events events = new Events();
  private final List<Consumer<Reachability>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean planned = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final ObservedAddresses observed = new ObservedAddresses(); // guarded by lock
  private final ProbePlan plan = new ProbePlan(); // guarded by lock

  /** What was said on these may not have been taken down before they ended. */
  private final BlockingQueue<Connection> ended = new ArrayBlockingQueue<>(MAX_ENDED);

  private final Lookouts lookouts; // guarded by lock
  private volatile Findings findings = Findings.NONE; // written under lock
  private volatile TimeSource.Scheduled tick = () -> {};
  private volatile boolean closed;

  private ReachabilityTracker(Host host, boolean laboratory) {
    this.host = host;
    this.laboratory = laboratory;
    client = AutoNatClient.attach(host);
    lookouts = new Lookouts(host, this::counts, this::soon);
  }

  /** Begins to find out. */
  public static ReachabilityTracker attach(Host host) {
    return attach(host, false);
  }

  /** The same where no address is public: those of private networks and of this machine count. */
  public static ReachabilityTracker attachInLaboratory(Host host) {
    return attach(host, true);
  }

  private static ReachabilityTracker attach(Host host, boolean laboratory) {
    var tracker = new ReachabilityTracker(host, laboratory);
    host.advertise(() -> tracker.findings.advertised());
    host.addListener(tracker.events);
    tracker.tick();
    return tracker;
  }

  /** What is known now. */
  public Reachability current() {
    return findings.reachability();
  }

  /** Is told of what changes, on a thread that it must not block, one change after the other. */
  public void addListener(Consumer<Reachability> listener) {
    listeners.add(listener);
  }

  /** Stops telling the listener. */
  public void removeListener(Consumer<Reachability> listener) {
    listeners.remove(listener);
  }

  /**
   * The addresses of the transport that may lead here when both ends dial at once, the most
   * probable first: those that peers see, however few, and those of the internet that the host
   * knows itself.
   */
  public List<Multiaddr> candidates(TransportKind kind) {
    update(); // who punches right after the first peer has told gets no second chance
    return findings.candidates().stream()
        .filter(each -> TransportKind.of(each).filter(kind::equals).isPresent())
        .toList();
  }

  /** Finds out no more, and tells nobody of anything. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    tick.cancel();
    host.removeListener(events);
    client.close();
    findings = Findings.NONE;
  }

  private void tick() {
    if (!closed) {
      tick = host.time().after(TICK, this::tick);
      soon();
    }
  }

  private void soon() {
    if (planned.compareAndSet(false, true)) {
      host.time()
          .after(
              DELAY,
              () -> {
                planned.set(false);
                update();
              });
    }
  }

  private void update() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      long now = host.time().nanoTime();
      List<Connection> direct =
          host.connections().stream().filter(each -> !each.isRelayed()).toList();
      Survey survey = Survey.of(host, findings.advertised(), this::counts);
      List<Connection> saying = new ArrayList<>(direct);
      ended.drainTo(saying);
      saying.forEach(each -> survey.note(each, observed, now));
      observed.expire(survey::isThere, now);
      if (survey.listensBy(TransportKind.QUIC)) {
        lookouts.update(direct, now); // before any server is asked: a stranger is to stay one
      }
      plan.update(survey.targets(observed), servers(direct), now);
      for (Optional<Probe> next = plan.next(now); next.isPresent(); next = plan.next(now)) {
        Probe probe = next.get();
        Thread.ofVirtual().name("libp2p-autonat").start(() -> run(probe));
      }
      tell(Findings.of(observed, plan, survey));
    } finally {
      lock.unlock();
    }
  }

  private boolean counts(InetAddress ip) {
    return laboratory || IpRanges.isPublic(ip);
  }

  private List<Server> servers(List<Connection> direct) {
    Map<InetAddress, Set<TransportKind>> talksBy = new HashMap<>();
    lookouts.ips().forEach(ip -> talksBy.put(ip, EnumSet.of(TransportKind.QUIC)));
    direct.forEach(
        each ->
            each.remoteAddress()
                .ip()
                .ifPresent(
                    ip ->
                        TransportKind.of(each.remoteAddress())
                            .ifPresent(
                                kind ->
                                    talksBy
                                        .computeIfAbsent(
                                            ip, _ -> EnumSet.noneOf(TransportKind.class))
                                        .add(kind))));
    return direct.stream().flatMap(each -> server(each, talksBy).stream()).distinct().toList();
  }

  private Optional<Server> server(
      Connection connection, Map<InetAddress, Set<TransportKind>> talksBy) {
    PeerId peer = connection.remotePeer();
    return connection
        .remoteAddress()
        .ip()
        .filter(this::counts)
        .flatMap(
            ip ->
                host.peerstore()
                    .info(peer)
                    .filter(
                        info -> AutoNatClient.servesFirst(info) || AutoNatClient.servesSecond(info))
                    .map(
                        info ->
                            new Server(
                                peer,
                                Observer.of(peer, connection.remoteAddress()),
                                AutoNatClient.servesSecond(info),
                                talksBy.getOrDefault(ip, Set.of()),
                                connection.observedAddress().flatMap(Multiaddr::ip))));
  }

  private void run(Probe probe) {
    Optional<DialBackAnswer> answer = Optional.empty();
    try {
      answer = Optional.of(ask(probe));
      log.debug("{} says of {}: {}", probe.server().peer(), probe.targets(), answer.get());
    } catch (IOException e) {
      log.debug("{} says nothing of {}: {}", probe.server().peer(), probe.targets(), e.toString());
    } finally {
      lock.lock();
      try {
        plan.finished(probe, answer, host.time().nanoTime());
      } finally {
        lock.unlock();
      }
      soon();
      var _ = host.time().after(ProbePlan.SERVER_PAUSE, this::soon);
    }
  }

  private DialBackAnswer ask(Probe probe) throws IOException {
    Connection connection =
        host.connections(probe.server().peer()).stream()
            .filter(each -> each.isOpen() && !each.isRelayed())
            .findFirst()
            .orElseThrow(() -> new IOException("the server has gone"));
    return probe.server().second()
        ? client.ask(
            connection,
            probe.targets().stream()
                .map(each -> new AutoNatClient.Wanted(each.address(), each.worthData()))
                .toList())
        : client.askFirst(connection, probe.targets().stream().map(Target::address).toList());
  }

  private void tell(Findings now) {
    Findings before = findings;
    findings = now;
    if (!before.advertised().equals(now.advertised())) {
      host.observe(HostListener::addressesChanged);
    }
    if (!before.reachability().equals(now.reachability())) {
      log.info("reachability: {}", now.reachability());
      for (Consumer<Reachability> listener : listeners) {
        try {
          listener.accept(now.reachability());
        } catch (RuntimeException | Error e) {
          log.error("a listener met a fault", e);
        }
      }
    }
  }

  /** What may change what is known. */
  private final class Events implements HostListener {
    @Override
    public void identified(PeerId peer, PeerInfo info) {
      soon();
    }

    @Override
    public void disconnected(Connection connection, IOException cause) {
      var _ = ended.offer(connection);
      soon();
    }

    @Override
    public void addressesChanged() {
      soon();
    }
  }
}
