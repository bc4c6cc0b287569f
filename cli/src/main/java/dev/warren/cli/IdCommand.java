package dev.warren.cli;

import dev.warren.libp2p.identity.KeyFile;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says who this node is. */
@Command(
    name = "id",
    description = {
      "Print the peer id of this node.",
      "",
      "The id follows from the node's key, which is made when it is first needed."
    },
    footer = {"", "Examples:", "  warren id", "  warren id --json --data-dir /srv/warren"})
final class IdCommand implements Callable<Integer> {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();

  private final Session session;

  IdCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    DataDirectory data = directory.in(session);
    PrivateKey key = KeyFile.loadOrCreate(data.keyFile(), KeyType.ED25519);
    session
        .console()
        .say(
            () -> key.peerId().toString(),
            () ->
                JsonObject.event("id")
                    .with("peer", key.peerId().toString())
                    .with("cid", key.peerId().toCid())
                    .with("key_type", key.type().name().toLowerCase(Locale.ROOT))
                    .with("data_dir", data.path().toAbsolutePath().toString()));
    return ExitCode.DONE.number();
  }
}
