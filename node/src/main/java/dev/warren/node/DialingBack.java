package dev.warren.node;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.nat.autonat.AutoNatLimits;
import dev.warren.libp2p.nat.autonat.AutoNatServer;
import dev.warren.libp2p.nat.reachability.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others whether they can be reached, while this node can: behind a NAT it would meet its own
 * where it looks for that of others.
 */
final class DialingBack implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(DialingBack.class);

  private final Host host;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable AutoNatServer server; // guarded by lock

  DialingBack(Host host) {
    this.host = host;
  }

  /** Begins or ends, if the verdict says so. */
  void update(Verdict verdict) {
    lock.lock();
    try {
      if (verdict == Verdict.PUBLIC && server == null) {
        server = AutoNatServer.attach(host, AutoNatLimits.defaults());
      } else if (verdict == Verdict.PRIVATE) {
        close();
      }
    } catch (IOException e) {
      log.info("others are not told whether they can be reached: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (server != null) {
        server.close();
        server = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
