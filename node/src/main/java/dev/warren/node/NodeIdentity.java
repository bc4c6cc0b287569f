package dev.warren.node;

import dev.warren.libp2p.identity.KeyFile;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.store.DataDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The key of a node. Two processes must not be the same peer at once, so the one that comes second
 * to a data directory gets a key for the occasion: that is how one can share and receive on one
 * machine.
 */
public final class NodeIdentity implements Closeable {
  private final PrivateKey key;
  private final Optional<FileChannel> lock;

  private NodeIdentity(PrivateKey key, Optional<FileChannel> lock) {
    this.key = key;
    this.lock = lock;
  }

  /** Takes the key of a directory, or one for the occasion if another process has it. */
  public static NodeIdentity take(DataDirectory directory) throws IOException {
    Optional<FileChannel> lock = lock(directory);
    PrivateKey key =
        lock.isPresent()
            ? KeyFile.loadOrCreate(directory.keyFile(), KeyType.ED25519)
            : PrivateKey.generate(KeyType.ED25519);
    return new NodeIdentity(key, lock);
  }

  private static Optional<FileChannel> lock(DataDirectory directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.path().resolve("identity.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      locked = lock != null;
      return locked ? Optional.of(channel) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // another node of this process has it
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** The key. */
  public PrivateKey key() {
    return key;
  }

  /** Whether it is that of the data directory. */
  public boolean isLasting() {
    return lock.isPresent();
  }

  @Override
  public void close() throws IOException {
    if (lock.isPresent()) {
      lock.get().close(); // which gives the lock back
    }
  }
}
