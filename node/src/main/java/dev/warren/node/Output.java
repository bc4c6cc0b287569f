package dev.warren.node;

import dev.warren.node.store.ChunkCache;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.TransferRecords;
import dev.warren.node.store.TransferRecords.TransferRecord;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where what is received goes in the end. What goes to a stream is put into the cache before, like
 * everything into files: chunks come in any order, and a transfer that is cut off goes on. There it
 * counts as what else is in the cache, and may go when nobody receives it any more.
 */
record Output(WarrenNode node, ReceiveOptions.Target target) {
  private static final long MEBIBYTE = 1 << 20;

  /** The directory to receive into. */
  Path directory(ShareId share) {
    Path directory =
        switch (target) {
          case ReceiveOptions.Target.Directory(Path path) -> path;
          case ReceiveOptions.Target.Stream _ -> node.directory().cache().resolve(name(share));
        };
    return directory.toAbsolutePath().normalize();
  }

  private static String name(ShareId share) {
    return "stream-" + share;
  }

  private static String owner(TransferRecord transfer) {
    return "transfer-" + transfer.number();
  }

  /**
   * Looks whether it can be put there.
   *
   * @throws IOException if not, saying why
   */
  void check(ReceivePlan.Totals totals) throws IOException {
    if (target instanceof ReceiveOptions.Target.Stream && totals.files() != 1) {
      throw new IOException(
          "a share of %d files cannot be received into a stream; choose one of them, or a directory"
              .formatted(totals.files()));
    }
    if (totals.neededBytes() > totals.freeBytes()) {
      throw new NoRoomException(
          "there is too little room: %d MiB are needed, %d MiB are free"
              .formatted(totals.neededBytes() / MEBIBYTE, totals.freeBytes() / MEBIBYTE));
    }
  }

  /** Takes room for as long as it is received. */
  void reserve(ReceivedFiles files, long bytes) throws IOException {
    if (!(target instanceof ReceiveOptions.Target.Stream)) {
      return;
    }
    ChunkCache cache = node.database().cache();
    Path directory = node.directory().cache().toAbsolutePath().normalize();
    for (TransferRecord other : node.database().transfers().all()) {
      if (other.state() == TransferRecords.State.UNFINISHED
          && other.directory().startsWith(directory)
          && !ShareDatabase.isInUse(node.directory().transfer(other.number()))) {
        cache.unpin(owner(other)); // its process was killed
      }
    }
    if (!cache.reserve(name(files.record().share()), bytes, owner(files.record()))) {
      throw new NoRoomException(
          "%d MiB do not fit into the cache, which holds %d: receive into a directory, or set cache.max_bytes"
              .formatted(bytes / MEBIBYTE, node.config().cacheBytes() / MEBIBYTE));
    }
  }

  /** Hands over what has been received. */
  void deliver(ReceivedFiles files) throws IOException {
    if (target instanceof ReceiveOptions.Target.Stream(OutputStream stream)) {
      Files.copy(files.share().firstFile(), stream);
      stream.flush();
      node.database().cache().remove(name(files.record().share()));
    }
  }

  /** Nothing is received any more; what was not handed over may go. */
  void release(ReceivedFiles files) throws IOException {
    if (target instanceof ReceiveOptions.Target.Stream) {
      node.database().cache().unpin(owner(files.record()));
    }
  }
}
