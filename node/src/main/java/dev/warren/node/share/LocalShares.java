package dev.warren.node.share;

import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.share.ShareRequest.Paths;
import dev.warren.node.share.ShareRequest.Text;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.ChunkCache.CachedFile;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.ManifestTotals;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.ShareRecords.ShareRecord;
import dev.warren.node.store.StoreException;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Begins the shares of a node, and goes on with those whose process was killed. Safe for many
 * threads.
 */
public final class LocalShares implements AutoCloseable {
  private static final int ENTRIES_AT_A_TIME = 1024;

  /** Whose share it is. */
  private static final String SHARER = "sharer";

  private final DataDirectory directory;
  private final NodeDatabase database;
  private final PrivateKey sharer;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Hasher hasher;

  /** The shares of the node with this key and data. Closing it does not close the database. */
  public LocalShares(
      DataDirectory directory,
      NodeDatabase database,
      PrivateKey sharer,
      InstantSource clock,
      SecureRandom random) {
    this.directory = directory;
    this.database = database;
    this.sharer = sharer;
    this.clock = clock;
    this.random = random;
    this.hasher = new Hasher(database.hashes(), clock);
  }

  /**
   * Begins a share, or goes on with one of the same content that was cut off. Returns at once, but
   * for content that has to be read to its end first; listing and hashing go on.
   *
   * @throws IOException if there is nothing to share, or nowhere to keep it
   */
  public LocalShare begin(ShareRequest request) throws IOException {
    return switch (request.content()) {
      case Paths paths -> begin(request, paths);
      case Text text -> begin(request, text);
    };
  }

  private LocalShare begin(ShareRequest request, Paths paths) throws IOException {
    Map<String, Path> roots = Scanner.roots(paths.paths());
    List<Path> given = List.copyOf(roots.values());
    SkipRules rules = IgnoreFiles.with(request.exclude()).or(request.rules());
    Indexer.Listing listing = sink -> Scanner.scan(roots, rules, request.notes(), sink);
    Sources sources = new Sources(roots);
    if (!request.fresh()) {
      for (ShareRecord record : database.shares().serving(given, request.exclude())) {
        Optional<ShareDatabase> cutOff = reopen(record, listing);
        if (cutOff.isPresent()) {
          ShareRecord now =
              record.goingOn(request.name(), request.description(), request.expires());
          database.shares().goOn(now);
          return start(request, now, cutOff.get(), sources, listing, true);
        }
      }
    }
    ShareRecord record = record(request, ShareId.generate(random), given);
    return start(request, record, create(record), sources, listing, false);
  }

  private LocalShare begin(ShareRequest request, Text text) throws IOException {
    EntryPath path = EntryPath.parse(text.fileName());
    ShareId id = ShareId.generate(random);
    CachedFile file = database.cache().store(text.content(), id.text());
    FileStamp stamp = FileStamp.of(file.path());
    Entry entry = new Entry.File(path, stamp.size(), stamp.modifiedNanos(), false);
    ShareRecord record = record(request, id, List.of());
    return start(
        request,
        record,
        create(record),
        new Sources(Map.of()),
        sink -> sink.add(entry, file.path(), stamp),
        false);
  }

  private ShareRecord record(ShareRequest request, ShareId id, List<Path> paths) {
    return new ShareRecord(
        id,
        ShareKey.generate(random),
        request.name(),
        request.description(),
        paths,
        request.exclude(),
        clock.instant(),
        request.expires(),
        Optional.empty(),
        0,
        0);
  }

  private ShareDatabase create(ShareRecord record) throws IOException {
    ShareDatabase share = ShareDatabase.open(directory.share(record.id()));
    boolean added = false;
    try {
      share.putMeta(SHARER, sharer.peerId().toString());
      database.shares().add(record);
      added = true;
      return share;
    } finally {
      if (!added) {
        share.close();
        ShareDatabase.delete(share.file());
      }
    }
  }

  /** The database of a share that was cut off, if what it lists is still there. */
  private Optional<ShareDatabase> reopen(ShareRecord record, Indexer.Listing listing)
      throws IOException {
    ShareDatabase share;
    try {
      share = ShareDatabase.open(directory.share(record.id()));
    } catch (StoreException e) {
      if (e.reason() == StoreException.Reason.IN_USE) {
        return Optional.empty();
      }
      // What cannot be read is of no use to anybody; its receivers come to the new share.
      forget(record.id());
      return Optional.empty();
    }
    boolean same = false;
    try {
      if (!isOurs(share)) {
        return Optional.empty();
      }
      same = isSame(share, listing);
    } finally {
      if (!same) {
        share.close();
      }
    }
    if (!same) {
      forget(record.id());
      return Optional.empty();
    }
    return Optional.of(share);
  }

  /** What a node for the occasion has signed nobody else can go on with. */
  private boolean isOurs(ShareDatabase share) throws StoreException {
    return share.meta(SHARER).equals(Optional.of(sharer.peerId().toString()));
  }

  /** Whether there is what has been listed, and nothing else if that was the whole listing. */
  private static boolean isSame(ShareDatabase share, Indexer.Listing listing) throws IOException {
    ManifestTotals totals = share.totals();
    Deque<StoredEntry> listed = new ArrayDeque<>();
    long[] next = {0};
    try {
      listing.list(
          (entry, source, stamp) -> {
            if (next[0] == totals.entries()) {
              throw new ComparedException(!totals.listed());
            }
            if (listed.isEmpty()) {
              listed.addAll(share.entries(next[0], ENTRIES_AT_A_TIME));
            }
            next[0]++;
            if (!isSame(listed.remove(), entry, stamp)) {
              throw new ComparedException(false);
            }
          });
    } catch (ComparedException e) {
      return e.same;
    }
    return next[0] == totals.entries();
  }

  private static boolean isSame(StoredEntry before, Entry now, FileStamp stamp) {
    if (!(now instanceof Entry.File file) || !(before.entry() instanceof Entry.File listed)) {
      return now.equals(before.entry());
    }
    return file.path().equals(listed.path())
        && file.executable() == listed.executable()
        && (before.content() == StoredEntry.Content.GONE || before.stamp().matches(stamp));
  }

  /** Ends a comparison early. */
  private static final class ComparedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean same;

    ComparedException(boolean same) {
      this.same = same;
    }
  }

  private LocalShare start(
      ShareRequest request,
      ShareRecord record,
      ShareDatabase share,
      Sources sources,
      Indexer.Listing listing,
      boolean continued)
      throws IOException {
    boolean started = false;
    try {
      LocalShare local = new LocalShare(this, request, record, share, sources, listing, continued);
      audit(AuditLog.Event.SHARED, record.id(), record.name());
      local.start();
      started = true;
      return local;
    } finally {
      if (!started) {
        share.close();
      }
    }
  }

  /** Forgets a share that nobody serves, and all that was kept of it. */
  void forget(ShareId id) throws IOException {
    database.shares().end(id, clock.instant());
    database.cache().unpin(id.text());
    ShareDatabase.delete(directory.share(id));
    audit(AuditLog.Event.ENDED, id, "");
  }

  private void audit(AuditLog.Event event, ShareId id, String detail) throws IOException {
    database.audit().add(AuditLog.Line.of(clock.instant(), event, id.text(), "", detail));
  }

  NodeDatabase database() {
    return database;
  }

  PrivateKey sharer() {
    return sharer;
  }

  InstantSource clock() {
    return clock;
  }

  Hasher hasher() {
    return hasher;
  }

  /** Ends hashing; to be called after the shares have been closed. */
  @Override
  public void close() {
    hasher.close();
  }
}
