package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;

/** A chunk as a part of a file. */
public record PlacedChunk(long offset, long ordinal, Chunk chunk) {}
