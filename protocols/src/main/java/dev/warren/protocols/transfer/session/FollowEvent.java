package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.util.BitSet;
import java.util.List;

/** Something that a source says on its own. */
public sealed interface FollowEvent {
  /** One more segment of the manifest; nothing is proven of it yet. */
  record Grown(SignedSegment segment) implements FollowEvent {}

  /** The source holds every chunk, also those to come. */
  record HoldsEverything() implements FollowEvent {}

  /** The source holds these chunks, besides those that it told of before; not copied. */
  record Holds(BitSet chunks) implements FollowEvent {}

  /** Others that may be asked. */
  record Seeds(List<Seed> seeds) implements FollowEvent {
    /** Copies the list. */
    public Seeds {
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * One of the others.
   *
   * @param summary a Bloom filter of the hashes of the chunks that it holds, may be empty; not
   *     copied
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Seed(PeerId peer, List<Multiaddr> addresses, byte[] summary) {
    /** Copies the list. */
    public Seed {
      addresses = List.copyOf(addresses);
    }
  }
}
