package dev.warren.node.share;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.node.store.ManifestTotals;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.ShareRecords.ShareRecord;
import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.content.Everything;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SegmentSigner;
import dev.warren.protocols.transfer.serve.ServedShare;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A share of this node. It can be served from the beginning, while it is listed and hashed. When it
 * is closed, or its process killed, a later process may go on with it; when it is ended it is over.
 * Safe for many threads.
 */
public final class LocalShare implements ServedShare, AutoCloseable {
  private final LocalShares shares;
  private final ShareRecord record;
  private final ShareDatabase database;
  private final ChunkSource chunks;
  private final Admissions admissions;
  private final Indexer indexer;
  private final Indexer.Listing listing;
  private final boolean continued;
  private final Thread thread;
  private final CompletableFuture<Void> hashed = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  LocalShare(
      LocalShares shares,
      ShareRequest request,
      ShareRecord record,
      ShareDatabase database,
      Sources sources,
      Indexer.Listing listing,
      boolean continued)
      throws IOException {
    this.shares = shares;
    this.record = record;
    this.database = database;
    this.listing = listing;
    this.continued = continued;
    this.chunks = new ChunkSource(database, sources);
    NodeDatabase node = shares.database();
    this.admissions =
        new Admissions(
            record.id(),
            request.terms(),
            database,
            node.peers(),
            node.audit(),
            shares.clock(),
            request.listener());
    this.indexer =
        new Indexer(
            database,
            new SegmentSigner(shares.sharer(), record.id()),
            node.hashes(),
            shares.hasher(),
            sources,
            request.notes());
    // A platform thread: it waits for the database most of the time.
    this.thread =
        Thread.ofPlatform().daemon().name("warren-share-" + record.id()).unstarted(this::index);
  }

  void start() {
    thread.start();
  }

  private void index() {
    try {
      if (!database.totals().listed()) {
        indexer.list(listing);
      }
      indexer.hash();
      ManifestTotals totals = database.totals();
      shares.database().shares().update(record.id(), totals.files(), totals.endedBytes());
      hashed.complete(null);
    } catch (IOException | InterruptedException | RuntimeException e) {
      hashed.completeExceptionally(e);
    }
  }

  // --- what it is

  @Override
  public ShareId id() {
    return record.id();
  }

  @Override
  public ShareKey key() {
    return record.key();
  }

  @Override
  public PublicKey sharer() {
    return shares.sharer().publicKey();
  }

  @Override
  public String name() {
    return record.name();
  }

  @Override
  public String description() {
    return record.description();
  }

  /** How it is kept. */
  public ShareRecord record() {
    return record;
  }

  /** Whether it was cut off, and goes on. */
  public boolean continued() {
    return continued;
  }

  /** How far listing and hashing are. */
  public ManifestTotals totals() {
    return database.totals();
  }

  /** The path of the file that is being hashed; empty if none is. */
  public String currentFile() {
    return indexer.currentFile();
  }

  /** Done when all has been hashed; fails if that cannot be. */
  public CompletableFuture<Void> hashed() {
    return hashed.copy();
  }

  /** What is kept with the share, such as its code: outlives the process as the share does. */
  public ShareDatabase database() {
    return database;
  }

  // --- serving

  @Override
  public SegmentLog segments() {
    return database;
  }

  @Override
  public ChunkSet chunks() {
    return Everything.EVERYTHING;
  }

  @Override
  public int chunkLength(long ordinal) throws IOException {
    return chunks.length(ordinal);
  }

  @Override
  public int readChunk(long ordinal, byte[] into, int offset) throws IOException {
    return chunks.read(ordinal, into, offset);
  }

  @Override
  public Admission admit(PeerId receiver, Runnable waiting) throws RefusedException {
    return admissions.admit(receiver, waiting);
  }

  // --- its end

  /** Ends it for good: it cannot be continued. */
  public void end() throws IOException {
    close();
    shares.forget(record.id());
  }

  /** Leaves it as it is, for a later process to go on with. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    indexer.stop();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    chunks.close();
    database.close();
  }
}
