package dev.warren.libp2p.host;

import dev.warren.libp2p.mux.yamux.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** Memory that all connections of a host share, up to a limit. */
final class BoundedMemory implements MemoryBudget {
  private final long maxBytes;
  private final AtomicLong used = new AtomicLong();

  BoundedMemory(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public boolean reserve(long bytes) {
    if (used.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  @Override
  public void release(long bytes) {
    used.addAndGet(-bytes);
  }
}
