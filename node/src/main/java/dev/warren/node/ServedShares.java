package dev.warren.node;

import dev.warren.protocols.transfer.serve.ServedShare;
import dev.warren.protocols.transfer.serve.ShareCatalog;
import dev.warren.sharecodes.ShareId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What this node serves: its own shares, and what it receives. Safe for many threads. */
final class ServedShares implements ShareCatalog {
  private final Map<ShareId, ServedShare> shares = new ConcurrentHashMap<>();

  /**
   * Serves a share, unless another of the same name is served, which somebody else has chosen.
   *
   * @return whether it is served
   */
  boolean add(ServedShare share) {
    return shares.putIfAbsent(share.id(), share) == null;
  }

  void remove(ServedShare share) {
    shares.remove(share.id(), share);
  }

  @Override
  public Optional<ServedShare> find(ShareId id) {
    return Optional.ofNullable(shares.get(id));
  }
}
