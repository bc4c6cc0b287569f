package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import java.util.List;

/**
 * What a file consisted of when it had this stamp.
 *
 * @param first the first chunks, all of them if there is one part
 */
public record CachedHashes(long file, FileStamp stamp, int parts, List<Chunk> first) {}
