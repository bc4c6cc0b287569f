package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;

/**
 * What a receiver says that can be fetched from it.
 *
 * @param seeding whether it serves what it has
 * @param summary a Bloom filter of the hashes of the chunks that it holds, may be empty; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Announcement(boolean seeding, List<Multiaddr> addresses, byte[] summary)
    implements FollowRequest {
  /** Copies the list. */
  public Announcement {
    addresses = List.copyOf(addresses);
  }
}
