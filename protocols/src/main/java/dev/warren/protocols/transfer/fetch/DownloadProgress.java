package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.identity.PeerId;
import java.util.List;

/**
 * How far a download has come.
 *
 * @param chunks those that the manifest names so far
 * @param doneChunks those of them that are here or are not needed
 * @param receivedBytes content that came over the network, duplicates and all
 * @param manifestComplete whether more chunks may be named
 */
public record DownloadProgress(
    long chunks,
    long doneChunks,
    long receivedBytes,
    boolean manifestComplete,
    List<SourceProgress> sources) {
  /** Copies the list. */
  public DownloadProgress {
    sources = List.copyOf(sources);
  }

  /**
   * What one source that is connected has given.
   *
   * @param path how it is reached
   */
  public record SourceProgress(PeerId peer, String path, long receivedBytes) {}
}
