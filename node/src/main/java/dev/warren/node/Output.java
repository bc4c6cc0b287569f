package dev.warren.node;

import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where what is received goes in the end. What goes to a stream is put on the disk before, like
 * everything: chunks come in any order, and a transfer that is cut off goes on.
 */
record Output(ReceiveOptions.Target target) {
  private static final long MEBIBYTE = 1 << 20;

  /** The directory to receive into. */
  Path directory(WarrenNode node, ShareId share) {
    Path directory =
        switch (target) {
          case ReceiveOptions.Target.Directory(Path path) -> path;
          case ReceiveOptions.Target.Stream _ ->
              node.directory().cache().resolve("stream-" + share);
        };
    return directory.toAbsolutePath().normalize();
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

  /** Hands over what has been received. */
  void deliver(ReceivedFiles files) throws IOException {
    if (target instanceof ReceiveOptions.Target.Stream(OutputStream stream)) {
      Path file = files.share().firstFile();
      Files.copy(file, stream);
      stream.flush();
      Files.delete(file);
    }
  }
}
