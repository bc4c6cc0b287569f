package dev.warren.libp2p.host;

import dev.warren.libp2p.transport.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** Memory that all connections of a host share, up to a limit. */
final class BoundedMemory implements MemoryBudget {
  private final long maxBytes;
  private final MemoryBudget whole;
  private final AtomicLong used = new AtomicLong();

  BoundedMemory(long maxBytes) {
    this(maxBytes, MemoryBudget.unlimited());
  }

  /** A part of another. */
  BoundedMemory(long maxBytes, MemoryBudget whole) {
    this.maxBytes = maxBytes;
    this.whole = whole;
  }

  @Override
  public boolean reserve(long bytes) {
    if (used.addAndGet(bytes) <= maxBytes && whole.reserve(bytes)) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  @Override
  public void release(long bytes) {
    used.addAndGet(-bytes);
    whole.release(bytes);
  }
}
