package dev.warren.protocols.transfer.session;

import dev.warren.protocols.transfer.manifest.Manifest;
import java.time.Duration;

/** What both sides hold to: docs/protocols/transfer.md, "Bounds". */
public final class TransferProtocol {
  /** The protocol of its streams. */
  public static final String ID = "/warren/transfer/1";

  /** Chunks that may be wanted in one request. */
  public static final int MAX_WANTED = 4096;

  /** Requests that a receiver may have unanswered. */
  public static final int MAX_OUTSTANDING = 64;

  /** Chunks in those: they fit into the smallest window, so to ask for them never waits. */
  public static final int MAX_OUTSTANDING_CHUNKS = 16_384;

  /** Ordinals are below this. */
  public static final int MAX_CHUNKS = Manifest.MAX_PLACES;

  /** Seeds of which a sharer tells. */
  public static final int MAX_SEEDS = 50;

  /** Addresses of one seed. */
  public static final int MAX_ADDRESSES = 16;

  /** The summary of what a seed holds. */
  public static final int MAX_SUMMARY_BYTES = 4096;

  /** How long the other end may leave no room for a byte. */
  public static final Duration WRITE_TIMEOUT = Duration.ofMinutes(2);

  /** Within which a session has to have begun, a person's time apart. */
  static final Duration OPENING = Duration.ofSeconds(10);

  /** What a person gets for approving, as the one who waits counts. */
  static final Duration APPROVAL = Duration.ofSeconds(130);

  /** How long a source may send nothing of what it was asked for. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  private TransferProtocol() {}
}
