package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node remembers. Several processes may have the records of one data directory. Safe for
 * many threads.
 */
public interface NodeRecords extends AutoCloseable {
  /** How it stands with a share of this node. */
  enum ShareState {
    /** It is shared now, or its process was cut off: it goes on when it is shared again. */
    SERVING,
    /** It ended. */
    ENDED
  }

  /** A share of this node. */
  record ShareRecord(
      ShareId id,
      String name,
      String description,
      List<Path> paths,
      ShareState state,
      Instant begun,
      Optional<Instant> expires,
      long files,
      long bytes) {
    /** Copies the list. */
    public ShareRecord {
      paths = List.copyOf(paths);
    }
  }

  /** How it stands with something that was received here. */
  enum TransferState {
    /** It goes on, or was cut off: receiving it again goes on from what is here. */
    UNFINISHED,
    /** Everything is here. */
    DONE,
    /** It was given up. */
    FAILED
  }

  /** Something that was received, or begun. */
  record TransferRecord(
      ShareId id,
      String name,
      PeerId sharer,
      Path directory,
      TransferState state,
      Instant begun,
      long files,
      long bytes,
      long receivedBytes) {}

  /**
   * A line of the audit log.
   *
   * @param bytes content that moved
   * @param files of which the peer has all now
   */
  record AuditLine(
      Instant at,
      String event,
      Optional<PeerId> peer,
      Optional<ShareId> share,
      long bytes,
      long files,
      String detail) {}

  /** What the cache holds. */
  record CacheSummary(long files, long bytes, long limitBytes) {}

  /** What has become of a directory since it was received. */
  record Verification(
      long verified, List<String> changed, List<String> missing, List<String> extra) {
    /** Copies the lists. */
    public Verification {
      changed = List.copyOf(changed);
      missing = List.copyOf(missing);
      extra = List.copyOf(extra);
    }
  }

  /** The shares of this node, the newest first. */
  List<ShareRecord> shares() throws IOException;

  /** What was received, the newest first. */
  List<TransferRecord> transfers() throws IOException;

  /** The newest lines of the audit log, the newest first. */
  List<AuditLine> audit(int limit) throws IOException;

  /** What the cache holds. */
  CacheSummary cache() throws IOException;

  /** Empties the cache. */
  void clearCache() throws IOException;

  /**
   * Hashes again what was received into a directory.
   *
   * @throws IOException if nothing is known of it
   */
  Verification verify(Path directory) throws IOException;

  /** The peers with whom this node has nothing to do. */
  List<PeerId> blocked() throws IOException;

  /** Has nothing to do with a peer any more. */
  void block(PeerId peer) throws IOException;

  /** Takes back one {@link #block}. */
  void unblock(PeerId peer) throws IOException;

  /** What the user calls peers. */
  Map<PeerId, String> petnames() throws IOException;

  /** Calls a peer something, and nobody else any more. */
  void name(PeerId peer, String petname) throws IOException;

  @Override
  void close();
}
