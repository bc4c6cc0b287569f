package dev.warren.node.receive;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;

/** Compares files with the chunks that they should consist of. */
final class Verification {
  private Verification() {}

  /** Whether a file consists of these chunks and of nothing else. */
  static boolean consistsOf(Path file, Iterator<Chunk> expected) throws IOException {
    byte[] buffer = new byte[0];
    long position = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (expected.hasNext()) {
        Chunk chunk = expected.next();
        if (buffer.length < chunk.length()) {
          buffer = new byte[chunk.length()];
        }
        if (position + chunk.length() > channel.size()) {
          return false;
        }
        PartialFiles.readFully(channel, position, buffer, 0, chunk.length());
        if (!matches(chunk, buffer, 0)) {
          return false;
        }
        position += chunk.length();
      }
      return position == channel.size();
    }
  }

  /** Whether the bytes at an offset are the chunk. */
  static boolean matches(Chunk chunk, byte[] bytes, int offset) {
    MessageDigest sha256 = sha256();
    sha256.update(bytes, offset, chunk.length());
    return chunk.hash().equals(ChunkHash.of(sha256.digest()));
  }

  /**
   * Reads a part of a file.
   *
   * @return whether the file is that long
   */
  static boolean readFrom(Path file, long position, byte[] into, int offset, int length)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      PartialFiles.readFully(channel, position, into, offset, length);
      return true;
    } catch (EOFException e) {
      return false;
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
