package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.Node;
import dev.warren.node.NodeConfig;
import dev.warren.node.NodeRecords;
import dev.warren.node.VerificationListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Records that are in memory, of a node that does not start. */
final class FakeRecords implements NodeRecords, NodeStarter {
  final List<ShareRecord> shares = new ArrayList<>();
  final List<TransferRecord> transfers = new ArrayList<>();
  final List<AuditLine> audit = new ArrayList<>();
  final Map<PeerId, PeerRecord> peers = new LinkedHashMap<>();
  CacheSummary cache = new CacheSummary(0, 0, 0, 1 << 30);
  Verifying verification = _ -> Optional.empty();
  Optional<NodeConfig> config = Optional.empty();
  Optional<AuditQuery> asked = Optional.empty();

  /** What comes of a verification. */
  interface Verifying {
    Optional<Verification> verify(VerificationListener listener) throws IOException;
  }

  @Override
  public Node start(NodeConfig any) {
    throw new AssertionError("no node is needed for this");
  }

  @Override
  public NodeRecords records(NodeConfig of) {
    config = Optional.of(of);
    return this;
  }

  @Override
  public List<ShareRecord> shares() {
    return shares;
  }

  @Override
  public List<TransferRecord> transfers() {
    return transfers;
  }

  @Override
  public List<AuditLine> audit(AuditQuery query, int limit) {
    asked = Optional.of(query);
    return audit.stream().limit(limit).toList();
  }

  @Override
  public CacheSummary cache() {
    return cache;
  }

  @Override
  public void clearCache() {
    cache = new CacheSummary(0, cache.pinnedBytes(), cache.pinnedBytes(), cache.limitBytes());
  }

  @Override
  public Optional<Verification> verify(Path directory, VerificationListener listener)
      throws IOException {
    return verification.verify(listener);
  }

  @Override
  public List<PeerRecord> peers() {
    return List.copyOf(peers.values());
  }

  @Override
  public void block(PeerId peer) {
    change(peer, it -> new PeerRecord(peer, it.petname(), true, it.seen()));
  }

  @Override
  public void unblock(PeerId peer) {
    change(peer, it -> new PeerRecord(peer, it.petname(), false, it.seen()));
  }

  @Override
  public void name(PeerId peer, String petname) {
    change(peer, it -> new PeerRecord(peer, Optional.of(petname), it.blocked(), it.seen()));
  }

  @Override
  public void unname(PeerId peer) {
    change(peer, it -> new PeerRecord(peer, Optional.empty(), it.blocked(), it.seen()));
  }

  /** Knows a peer that was here then. */
  void see(PeerId peer, Instant at) {
    peers.put(peer, new PeerRecord(peer, Optional.empty(), false, Optional.of(at)));
  }

  private void change(PeerId peer, UnaryOperator<PeerRecord> change) {
    PeerRecord before =
        peers.getOrDefault(peer, new PeerRecord(peer, Optional.empty(), false, Optional.empty()));
    peers.put(peer, change.apply(before));
  }

  @Override
  public void close() {}
}
