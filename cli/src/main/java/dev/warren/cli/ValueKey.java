package dev.warren.cli;

import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a value is stored under. All values there are belong to a peer. */
sealed interface ValueKey {
  String HELP =
      "NAME for a value of this node, PEER/NAME for one of another; /pk/PEER for the key of a peer,"
          + " /ipns/PEER for what it has published in IPNS.";

  /** Where it is stored. */
  Target target();

  /** A value that its owner has signed, under a name of its choice. */
  record Named(PeerId owner, String name) implements ValueKey {
    @Override
    public Target target() {
      return WarrenRecord.key(owner, name);
    }

    @Override
    public String toString() {
      return "/warren/" + owner + "/" + name;
    }
  }

  /** The one value that a peer has in a namespace of others. */
  record OfPeer(String namespace, PeerId peer) implements ValueKey {
    @Override
    public Target target() {
      return Target.ofValue(namespace, peer.toBytes());
    }

    @Override
    public String toString() {
      return "/" + namespace + "/" + peer;
    }
  }

  /**
   * Reads what a user has typed.
   *
   * @param self whose the value is if nothing is said of it
   */
  static ValueKey parse(String text, PeerId self) throws CommandFailure {
    for (String namespace : List.of("pk", "ipns")) {
      String prefix = "/" + namespace + "/";
      if (text.startsWith(prefix)) {
        return new OfPeer(namespace, peer(text.substring(prefix.length()), text));
      }
    }
    if (text.startsWith("/warren/")) {
      String rest = text.substring("/warren/".length());
      int end = Math.max(0, rest.indexOf('/'));
      return named(peer(rest.substring(0, end), text), rest.substring(end + 1));
    }
    if (text.startsWith("/")) {
      throw CommandFailure.usage(
          "There are no values under '%s'.".formatted(Printable.of(text)),
          "Say NAME, PEER/NAME, /pk/PEER or /ipns/PEER.");
    }
    int end = text.indexOf('/');
    return end > 0 && PeerNames.isId(text.substring(0, end))
        ? named(PeerId.parse(text.substring(0, end)), text.substring(end + 1))
        : named(self, text);
  }

  private static PeerId peer(String id, String text) throws CommandFailure {
    if (!PeerNames.isId(id)) {
      throw CommandFailure.usage(
          "'%s' names no peer by its id.".formatted(Printable.of(text)),
          "'warren id' prints that of this node, 'warren peers' those of others.");
    }
    return PeerId.parse(id);
  }

  private static Named named(PeerId owner, String name) throws CommandFailure {
    if (name.isEmpty()
        || name.getBytes(StandardCharsets.UTF_8).length > WarrenRecord.MAX_NAME_BYTES) {
      throw CommandFailure.usage(
          "The name of a value has 1 to %d bytes.".formatted(WarrenRecord.MAX_NAME_BYTES),
          "Choose another one.");
    }
    return new Named(owner, name);
  }
}
