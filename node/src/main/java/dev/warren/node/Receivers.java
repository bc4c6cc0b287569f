package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.share.ReceiverListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** Keeps account of those who receive a share. Safe for many threads. */
final class Receivers implements ReceiverListener {
  /** Whoever has the code can come as many. */
  private static final int MAX_KEPT = 10_000;

  private final WarrenNode node;
  private final SharingListener listener;
  private final Runnable exhausted;
  private final ReentrantLock lock = new ReentrantLock();

  // Both guarded by lock.
  private final Map<PeerId, Receiver> all = new LinkedHashMap<>();
  private long sentBytes;

  /**
   * Nobody receives yet.
   *
   * @param exhausted is run when as many as may have the share have it
   */
  Receivers(WarrenNode node, SharingListener listener, Runnable exhausted) {
    this.node = node;
    this.listener = listener;
    this.exhausted = exhausted;
  }

  @Override
  public void joined(PeerId peer) {
    Optional<String> petname = node.petname(peer);
    String path = node.path(peer);
    listener.joined(
        change(peer, it -> new Receiver(peer, petname, path, it.sentBytes(), true, it.finished())));
  }

  @Override
  public void sent(PeerId peer, long bytes) {
    lock.lock();
    try {
      sentBytes += bytes;
      var _ = change(peer, it -> with(it, it.sentBytes() + bytes, it.connected(), it.finished()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void finished(PeerId peer, long bytes, long files, long millis) {
    listener.finished(change(peer, it -> with(it, it.sentBytes(), it.connected(), true)));
  }

  @Override
  public void left(PeerId peer) {
    listener.left(change(peer, it -> with(it, it.sentBytes(), false, it.finished())));
  }

  @Override
  public void exhausted() {
    exhausted.run();
  }

  List<Receiver> all() {
    lock.lock();
    try {
      return List.copyOf(all.values());
    } finally {
      lock.unlock();
    }
  }

  long sentBytes() {
    lock.lock();
    try {
      return sentBytes;
    } finally {
      lock.unlock();
    }
  }

  private Receiver change(PeerId peer, UnaryOperator<Receiver> change) {
    lock.lock();
    try {
      Receiver before =
          all.getOrDefault(peer, new Receiver(peer, Optional.empty(), "", 0, false, false));
      Receiver after = change.apply(before);
      all.put(peer, after);
      if (all.size() > MAX_KEPT) {
        all.values().stream()
            .filter(it -> !it.connected() && !it.peer().equals(peer))
            .findFirst()
            .ifPresent(oldest -> all.remove(oldest.peer()));
      }
      return after;
    } finally {
      lock.unlock();
    }
  }

  private static Receiver with(Receiver it, long sent, boolean connected, boolean finished) {
    return new Receiver(it.peer(), it.petname(), it.path(), sent, connected, finished);
  }
}
