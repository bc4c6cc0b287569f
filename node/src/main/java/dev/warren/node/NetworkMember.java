package dev.warren.node;

import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.DhtBuilder;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.libp2p.nat.reachability.Verdict;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.DhtRecords;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part that a host takes in a network. It begins with the peers that were met there the last
 * time, and keeps those of this time for the next one.
 */
public final class NetworkMember implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(NetworkMember.class);

  private static final Duration LONGEST_AWAY = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 20;
  private static final Duration KEEP_PEERS_EVERY = Duration.ofMinutes(10);

  private final Network network;
  private final Host host;
  private final Dht dht;
  private final PeersFile peers;
  private final Closing closing = new Closing();
  private final CountDownLatch tried = new CountDownLatch(1);
  private final ServingByReach serving;
  private volatile Reachability reachability = Reachability.UNKNOWN;

  private NetworkMember(Network network, Host host, DataDirectory directory) {
    this.network = network;
    this.host = host;
    peers = new PeersFile(directory.peers(network.name()));
    DhtBuilder builder =
        Dht.on(host)
            .network(network.table())
            .mode(network.mode().orElse(Mode.CLIENT))
            .withholding(this::leadsNowhere)
            .known(peers.read());
    if (!network.mode().equals(Optional.of(Mode.CLIENT))) {
      records(directory.dhtRecords(network.name())).ifPresent(builder::records);
    }
    dht = builder.start();
    closing.add(dht);
    serving = new ServingByReach(host.time(), () -> reachability.verdict(), dht::setMode);
  }

  /** Where what others store here outlasts us; in memory if another process is at it. */
  private Optional<DhtRecords> records(Path file) {
    try {
      DhtRecords records = DhtRecords.open(file, Key.of(host.peerId()), RecordStore.Limits.DEFAULT);
      closing.add(records::close);
      return Optional.of(records);
    } catch (IOException e) {
      log.info("what others store here does not outlast this process: {}", e.toString());
      return Optional.empty();
    }
  }

  /** What the internet cannot dial may still be good for a network of one's own. */
  private boolean leadsNowhere(Multiaddr address) {
    return network.isOfInternet() && reachability.of(address) == Verdict.PRIVATE;
  }

  /** Takes part, as far as peers of the last time are there; {@link #join} does the rest. */
  public static NetworkMember of(Network network, Host host, DataDirectory directory) {
    return new NetworkMember(network, host, directory);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** What asks the others. */
  public Dht dht() {
    return dht;
  }

  /**
   * Joins by way of the nodes that the network names. Returns when the peers around are known.
   *
   * @return how many peers are known
   */
  public int join() throws IOException {
    int known = dht.bootstrap(network.bootstrap());
    log.info("in the network '{}' with {} peers", network.name(), known);
    return known;
  }

  /**
   * Joins in the background, as often as it takes.
   *
   * @param joined is told once how many peers are known
   * @param failed is told each time that it cannot be done
   */
  public void keepJoining(IntConsumer joined, Consumer<IOException> failed) {
    again(
        "dht-join",
        LONGEST_AWAY,
        () -> {
          try {
            joined.accept(join());
            return true;
          } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) { // which the end of this does
              failed.accept(e);
            }
            throw e;
          } finally {
            tried.countDown();
          }
        });
    again(
        "dht-keep-peers",
        KEEP_PEERS_EVERY,
        () -> {
          peers.write(dht.snapshot());
          return false;
        });
  }

  /** Says how this node can be reached now. */
  void reachable(Reachability now) {
    reachability = now;
    if (network.mode().isEmpty()) {
      serving.update();
    }
  }

  /** Waits until somebody is known whom one can ask, or the first try to join is over. */
  void awaitPeers() throws InterruptedIOException {
    try {
      while (dht.size() == 0 && !tried.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        // The first node that answers is enough, and joining waits for all.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("not waiting for peers any longer");
    }
  }

  private void again(String name, Duration longest, Retrying.Step step) {
    closing.add(new Retrying(name, host.time(), longest, step)::close);
  }

  @Override
  public void close() {
    serving.close();
    peers.write(dht.snapshot());
    closing.close();
  }
}
