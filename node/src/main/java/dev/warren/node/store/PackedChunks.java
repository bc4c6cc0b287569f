package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Chunks as bytes: of each its hash and four bytes of length. */
final class PackedChunks {
  private static final int CHUNK_BYTES = ChunkHash.BYTES + Integer.BYTES;

  private PackedChunks() {}

  static byte[] pack(List<Chunk> chunks) {
    ByteBuffer packed = ByteBuffer.allocate(chunks.size() * CHUNK_BYTES);
    for (Chunk chunk : chunks) {
      packed.put(chunk.hash().toBytes()).putInt(chunk.length());
    }
    return packed.array();
  }

  static List<Chunk> unpack(byte[] packed) {
    List<Chunk> chunks = new ArrayList<>(packed.length / CHUNK_BYTES);
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    while (bytes.remaining() >= CHUNK_BYTES) {
      ChunkHash hash = ChunkHash.of(packed, bytes.position());
      bytes.position(bytes.position() + ChunkHash.BYTES);
      chunks.add(new Chunk(hash, bytes.getInt()));
    }
    return chunks;
  }
}
