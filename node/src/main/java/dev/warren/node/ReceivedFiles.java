package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.receive.KnownContent;
import dev.warren.node.receive.ReceivedShare;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.TransferRecords.State;
import dev.warren.node.store.TransferRecords.TransferRecord;
import dev.warren.sharecodes.ShareCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/** What is on the disk of a share that is being received: its content, and what is known of it. */
record ReceivedFiles(
    WarrenNode node, TransferRecord record, ShareDatabase database, ReceivedShare share)
    implements Closeable {

  /** Opens what there is of an unfinished transfer, or begins a new one. */
  static ReceivedFiles open(WarrenNode node, Found found, Path directory, ShareCode code)
      throws IOException {
    PeerId sharer = found.sharer().peerId();
    Instant now = Instant.now();
    node.database().peers().seen(sharer, now);
    TransferRecord record =
        node.database()
            .transfers()
            .begin(found.share(), found.key(), sharer, directory, code.toString(), now);
    ShareDatabase database = ShareDatabase.open(node.directory().transfer(record.number()));
    boolean opened = false;
    try {
      var share =
          new ReceivedShare(
              database,
              record.directory(),
              found.share().text(),
              new KnownContent(
                  node.database().hashes(), node.database().knownChunks(), InstantSource.system()),
              node.host().time());
      opened = true;
      return new ReceivedFiles(node, record, database, share);
    } finally {
      if (!opened) {
        database.close();
      }
    }
  }

  /** Notes how far it is. */
  void note(String name, long files, long bytes, long here) throws IOException {
    note(State.UNFINISHED, name, files, bytes, here);
  }

  /** Notes that all of it is here. Nothing is added then, and others may read what it is. */
  void noteDone(Received received) throws IOException {
    database.share();
    note(State.DONE, received.name(), received.files(), received.bytes(), received.bytes());
  }

  private void note(State state, String name, long files, long bytes, long here)
      throws IOException {
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
                here));
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
