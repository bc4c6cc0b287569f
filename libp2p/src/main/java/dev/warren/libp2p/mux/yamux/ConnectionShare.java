package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** What one connection takes of a budget: within its own limit and the host's. */
final class ConnectionShare implements MemoryBudget {
  private final long maxBytes;
  private final MemoryBudget host;
  private final AtomicLong used = new AtomicLong();

  ConnectionShare(long maxBytes, MemoryBudget host) {
    this.maxBytes = maxBytes;
    this.host = host;
  }

  @Override
  public boolean reserve(long bytes) {
    if (used.addAndGet(bytes) <= maxBytes && host.reserve(bytes)) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  @Override
  public void release(long bytes) {
    used.addAndGet(-bytes);
    host.release(bytes);
  }
}
