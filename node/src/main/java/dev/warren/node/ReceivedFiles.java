package dev.warren.node;

import dev.warren.node.receive.KnownContent;
import dev.warren.node.receive.ReceivedShare;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.TransferRecords.State;
import dev.warren.node.store.TransferRecords.TransferRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** What is on the disk of a share that is being received: its content, and what is known of it. */
record ReceivedFiles(
    WarrenNode node, TransferRecord record, ShareDatabase database, ReceivedShare share)
    implements Closeable {

  /** Opens what there is of an unfinished transfer, or begins a new one. */
  static ReceivedFiles open(WarrenNode node, Found found, Path directory) throws IOException {
    TransferRecord record =
        node.database()
            .transfers()
            .begin(
                found.share(),
                found.key(),
                found.sharer().peerId(),
                directory.toAbsolutePath().normalize(),
                Instant.now());
    ShareDatabase database = ShareDatabase.open(node.directory().transfer(record.number()));
    boolean opened = false;
    try {
      var share =
          new ReceivedShare(
              database,
              record.directory(),
              found.share().text(),
              new KnownContent(node.database().hashes(), node.database().knownChunks()),
              node.host().time());
      opened = true;
      return new ReceivedFiles(node, record, database, share);
    } finally {
      if (!opened) {
        database.close();
      }
    }
  }

  /** Notes how it stands. */
  void note(State state, String name, long files, long bytes, long received) throws IOException {
    node.database()
        .transfers()
        .update(
            new TransferRecord(
                record.number(),
                record.share(),
                record.key(),
                record.sharer(),
                name,
                record.directory(),
                state,
                record.begun(),
                files,
                bytes,
                received));
  }

  /** Removes what is known of it, once it is closed. */
  void forget() throws IOException {
    node.database().transfers().forget(record.number());
    ShareDatabase.delete(database.file());
  }

  @Override
  public void close() {
    share.close();
    database.close();
  }
}
