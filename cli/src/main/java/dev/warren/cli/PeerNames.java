package dev.warren.cli;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.node.NodeRecords;
import dev.warren.node.NodeRecords.PeerRecord;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What peers are called: by the name that the user gave them, or by the end of their id. */
final class PeerNames {
  private static final String ELLIPSIS = "…";

  /** The ends of ids differ, where their beginnings do not. */
  private static final int SHOWN = 8;

  /** What is shorter is no end of an id, but a slip. */
  private static final int SHORTEST = 4;

  private final List<PeerRecord> known;

  private PeerNames(List<PeerRecord> known) {
    this.known = known;
  }

  static PeerNames in(NodeRecords records) throws IOException {
    return new PeerNames(records.peers());
  }

  /** What is known of a peer. */
  Optional<PeerRecord> find(PeerId peer) {
    return known.stream().filter(it -> it.peer().equals(peer)).findFirst();
  }

  /** What is known of the one that the user calls so. */
  Optional<PeerRecord> named(String petname) {
    return known.stream().filter(it -> it.petname().equals(Optional.of(petname))).findFirst();
  }

  /** A short name for a peer. */
  String of(PeerId peer) {
    String id = peer.toString();
    return find(peer)
        .flatMap(PeerRecord::petname)
        .orElse(ELLIPSIS + id.substring(Math.max(0, id.length() - SHOWN)));
  }

  /** The name and the id of a peer, as far as there are both. */
  String inFull(PeerId peer) {
    return find(peer)
        .flatMap(PeerRecord::petname)
        .map(name -> name + " (" + peer + ")")
        .orElseGet(peer::toString);
  }

  /** The peer that is meant by a name, an id, or the end of the id of a known one. */
  PeerId meant(String text) throws CommandFailure {
    Optional<PeerRecord> named = named(text);
    if (named.isPresent()) {
      return named.get().peer();
    }
    return isId(text) ? PeerId.parse(text) : endingIn(text);
  }

  static boolean isId(String text) {
    try {
      PeerId.parse(text);
      return true;
    } catch (MalformedException _) {
      return false;
    }
  }

  private PeerId endingIn(String text) throws CommandFailure {
    String end = text.substring(text.lastIndexOf(ELLIPSIS) + 1).toLowerCase(Locale.ROOT);
    List<PeerId> ending =
        end.length() < SHORTEST
            ? List.of()
            : known.stream()
                .map(PeerRecord::peer)
                .filter(peer -> peer.toString().toLowerCase(Locale.ROOT).endsWith(end))
                .toList();
    if (ending.size() > 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "The ids of %d peers end in '%s'.".formatted(ending.size(), end),
          "Give more of it, or the petname.");
    }
    if (ending.isEmpty()) {
      List<String> names = known.stream().flatMap(it -> it.petname().stream()).toList();
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "No peer is known as '%s'.".formatted(Printable.of(text)),
          Similar.question(text, names) + "'warren peers' lists those that are known.");
    }
    return ending.getFirst();
  }
}
