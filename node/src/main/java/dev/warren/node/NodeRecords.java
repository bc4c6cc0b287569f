package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node remembers. Several processes may have the records of one data directory. Safe for
 * many threads.
 */
public interface NodeRecords extends AutoCloseable {
  /** How it stands with a share of this node. */
  enum ShareState {
    /** It is shared now. */
    SERVING,
    /** Its process was cut off: it goes on with its codes when the same is shared again. */
    CUT_OFF,
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
    /** It is received now. */
    RECEIVING,
    /** It was cut off: receiving it again goes on from what is here. */
    CUT_OFF,
    /** Everything is here. */
    DONE
  }

  /**
   * Something that was received, or begun.
   *
   * @param receivedBytes how much of it was here when it was last noted, which is done often
   */
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

  /**
   * What the cache holds.
   *
   * @param pinnedBytes what of it shares need that have not ended
   */
  record CacheSummary(long files, long bytes, long pinnedBytes, long limitBytes) {}

  /**
   * What has become of a directory since it was received.
   *
   * @param verified how many files, folders and links are as they came
   * @param extra how many lie among them that nobody sent
   */
  record Verification(long verified, long changed, long missing, long extra) {
    /** Whether all that was received is as it came. */
    public boolean intact() {
      return changed == 0 && missing == 0;
    }
  }

  /**
   * A peer that there was something to do with.
   *
   * @param petname what the user calls it
   * @param seen when it was last here
   */
  record PeerRecord(
      PeerId peer, Optional<String> petname, boolean blocked, Optional<Instant> seen) {}

  /**
   * Which lines of the audit log are wanted.
   *
   * @param share its id or its name
   */
  record AuditQuery(Optional<String> share, Optional<PeerId> peer) {
    /** All of them. */
    public static final AuditQuery ALL = new AuditQuery(Optional.empty(), Optional.empty());
  }

  /** The shares of this node, the newest first. */
  List<ShareRecord> shares() throws IOException;

  /** What was received, the newest first. */
  List<TransferRecord> transfers() throws IOException;

  /** The newest lines of the audit log, the newest first. */
  List<AuditLine> audit(AuditQuery query, int limit) throws IOException;

  /** What the cache holds. */
  CacheSummary cache() throws IOException;

  /** Removes from the cache what no share needs. */
  void clearCache() throws IOException;

  /**
   * Hashes again what lies in a directory, or is the file, and was received, be it by several
   * transfers. Ends early when its thread is interrupted.
   *
   * @return nothing if nothing was received there, or not all of it
   * @throws IOException if it cannot be read, or the thread was interrupted
   */
  Optional<Verification> verify(Path directory, VerificationListener listener) throws IOException;

  /** All peers that there was something to do with, those last seen first. */
  List<PeerRecord> peers() throws IOException;

  /**
   * Has nothing to do with a peer any more. Another process that has these records as well ends
   * what it gives the peer within a second.
   */
  void block(PeerId peer) throws IOException;

  /** Takes back one {@link #block}. */
  void unblock(PeerId peer) throws IOException;

  /** Calls a peer something, and nobody else any more. */
  void name(PeerId peer, String petname) throws IOException;

  /** Takes back one {@link #name}. */
  void unname(PeerId peer) throws IOException;

  @Override
  void close();
}
