package dev.warren.protocols.transfer.manifest;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes that a sharer signs for a segment: docs/protocols/transfer.md, "Manifest". */
final class SegmentStatement {
  private static final byte[] LABEL =
      "warren transfer segment 1\0".getBytes(StandardCharsets.US_ASCII);

  private static final int HASH_BYTES = 32;

  private final byte[] prefix;

  SegmentStatement(PeerId sharer, ShareId share) {
    byte[] peer = sharer.toBytes();
    byte[] id = share.text().getBytes(StandardCharsets.US_ASCII);
    prefix =
        ByteBuffer.allocate(LABEL.length + 2 * Integer.BYTES + peer.length + id.length)
            .put(LABEL)
            .putInt(peer.length)
            .put(peer)
            .putInt(id.length)
            .put(id)
            .array();
  }

  byte[] bytes(long index, byte[] body) {
    return ByteBuffer.allocate(prefix.length + Long.BYTES + HASH_BYTES)
        .put(prefix)
        .putLong(index)
        .put(sha256(body))
        .array();
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }
}
