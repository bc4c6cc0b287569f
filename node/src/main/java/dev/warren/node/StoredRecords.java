package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.receive.ReceivedRecord;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.ChunkCache;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.KnownPeers.KnownPeer;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.TransferRecords;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The records of a data directory. */
final class StoredRecords implements NodeRecords {
  private final DataDirectory directory;
  private final NodeDatabase database;
  private final long cacheLimitBytes;
  private final Consumer<PeerId> blocked;
  private final Runnable close;

  /**
   * The records of this database.
   *
   * @param blocked is told of a peer that is blocked from now on
   */
  StoredRecords(
      DataDirectory directory,
      NodeDatabase database,
      long cacheLimitBytes,
      Consumer<PeerId> blocked,
      Runnable close) {
    this.directory = directory;
    this.database = database;
    this.cacheLimitBytes = cacheLimitBytes;
    this.blocked = blocked;
    this.close = close;
  }

  static StoredRecords open(NodeConfig config) throws IOException {
    DataDirectory directory = new DataDirectory(config.dataDirectory()).create();
    NodeDatabase database =
        NodeDatabase.open(directory, InstantSource.system(), config.cacheBytes());
    return new StoredRecords(directory, database, config.cacheBytes(), _ -> {}, database::close);
  }

  @Override
  public List<ShareRecord> shares() throws IOException {
    return database.shares().all().stream()
        .map(
            it ->
                new ShareRecord(
                    it.id(),
                    it.name(),
                    it.description(),
                    it.paths(),
                    it.ended().isPresent() ? ShareState.ENDED : ShareState.SERVING,
                    it.created(),
                    it.expires(),
                    it.files(),
                    it.bytes()))
        .toList();
  }

  @Override
  public List<TransferRecord> transfers() throws IOException {
    return database.transfers().all().stream()
        .map(
            it ->
                new TransferRecord(
                    it.share(),
                    it.name(),
                    it.sharer(),
                    it.directory(),
                    switch (it.state()) {
                      case UNFINISHED -> TransferState.UNFINISHED;
                      case DONE -> TransferState.DONE;
                      case FAILED -> TransferState.FAILED;
                    },
                    it.begun(),
                    it.files(),
                    it.bytes(),
                    it.received()))
        .toList();
  }

  @Override
  public List<AuditLine> audit(int limit) throws IOException {
    return database.audit().find(AuditLog.Query.ALL, limit).stream()
        .map(
            it ->
                new AuditLine(
                    it.at(),
                    it.event().name().toLowerCase(Locale.ROOT),
                    it.peer().isEmpty() ? Optional.empty() : Optional.of(PeerId.parse(it.peer())),
                    it.share().isEmpty() ? Optional.empty() : Optional.of(new ShareId(it.share())),
                    it.bytes(),
                    it.files(),
                    it.detail()))
        .toList();
  }

  @Override
  public CacheSummary cache() throws IOException {
    ChunkCache.Usage usage = database.cache().usage();
    return new CacheSummary(usage.files(), usage.bytes(), cacheLimitBytes);
  }

  @Override
  public void clearCache() throws IOException {
    database.cache().clear();
  }

  @Override
  public Verification verify(Path received) throws IOException {
    Path wanted = received.toAbsolutePath().normalize();
    TransferRecords.TransferRecord record =
        database.transfers().into(wanted).stream()
            .filter(it -> it.state() == TransferRecords.State.DONE)
            .findFirst()
            .orElseThrow(
                () -> new IOException("nothing is known of having been received into " + wanted));
    return new ReceivedRecord(directory.transfer(record.number()), wanted).verify();
  }

  @Override
  public List<PeerId> blocked() throws IOException {
    return database.peers().blocked().stream().map(KnownPeer::peer).toList();
  }

  @Override
  public void block(PeerId peer) throws IOException {
    database.peers().block(peer, "by the user");
    blocked.accept(peer);
  }

  @Override
  public void unblock(PeerId peer) throws IOException {
    database.peers().unblock(peer);
  }

  @Override
  public Map<PeerId, String> petnames() throws IOException {
    Map<PeerId, String> names = new LinkedHashMap<>();
    for (KnownPeer known : database.peers().recent(Integer.MAX_VALUE)) {
      known.name().ifPresent(name -> names.put(known.peer(), name));
    }
    return names;
  }

  @Override
  public void name(PeerId peer, String petname) throws IOException {
    database.peers().name(peer, petname);
  }

  @Override
  public void close() {
    close.run();
  }
}
