package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.receive.DirectoryVerifier;
import dev.warren.node.receive.ReceivedRecord;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.ChunkCache;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.ShareRecords;
import dev.warren.node.store.TransferRecords;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
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
                    state(it),
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
                    state(it),
                    it.begun(),
                    it.files(),
                    it.bytes(),
                    it.received()))
        .toList();
  }

  private ShareState state(ShareRecords.ShareRecord share) {
    if (share.ended().isPresent()) {
      return ShareState.ENDED;
    }
    return ShareDatabase.isInUse(directory.share(share.id()))
        ? ShareState.SERVING
        : ShareState.CUT_OFF;
  }

  private TransferState state(TransferRecords.TransferRecord transfer) {
    return switch (transfer.state()) {
      case DONE -> TransferState.DONE;
      case UNFINISHED ->
          ShareDatabase.isInUse(directory.transfer(transfer.number()))
              ? TransferState.RECEIVING
              : TransferState.CUT_OFF;
    };
  }

  @Override
  public List<AuditLine> audit(AuditQuery query, int limit) throws IOException {
    var wanted =
        new AuditLog.Query(Instant.EPOCH, query.share(), query.peer().map(PeerId::toString));
    return database.audit().find(wanted, limit).stream()
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
    return new CacheSummary(usage.files(), usage.bytes(), usage.pinnedBytes(), cacheLimitBytes);
  }

  @Override
  public void clearCache() throws IOException {
    database.cache().clear();
  }

  @Override
  public Optional<Verification> verify(Path wanted, VerificationListener listener)
      throws IOException {
    List<ReceivedRecord> received =
        database.transfers().all().stream()
            .filter(it -> it.state() == TransferRecords.State.DONE)
            .map(it -> new ReceivedRecord(directory.transfer(it.number()), it.directory()))
            .toList();
    return new DirectoryVerifier(wanted.toAbsolutePath().normalize(), listener).verify(received);
  }

  @Override
  public List<PeerRecord> peers() throws IOException {
    return database.peers().all().stream()
        .map(
            it ->
                new PeerRecord(
                    it.peer(),
                    it.name(),
                    it.blocked().isPresent(),
                    Optional.of(it.seen()).filter(Instant.EPOCH::isBefore)))
        .toList();
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
  public void name(PeerId peer, String petname) throws IOException {
    database.peers().name(peer, petname);
  }

  @Override
  public void unname(PeerId peer) throws IOException {
    database.peers().unname(peer);
  }

  @Override
  public void close() {
    close.run();
  }
}
