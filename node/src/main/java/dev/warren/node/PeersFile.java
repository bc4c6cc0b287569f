package dev.warren.node;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peers of a network that were known the last time, an address with its peer on each line. */
final class PeersFile {
  private static final Logger log = LoggerFactory.getLogger(PeersFile.class);

  /** More than a table holds, and little enough to read. */
  private static final int MAX_LINES = 20_000;

  private final Path file;

  PeersFile(Path file) {
    this.file = file;
  }

  /** Those of the last time; none if there was none, or the file cannot be read. */
  List<Contact> read() {
    Map<PeerId, List<Multiaddr>> peers = new LinkedHashMap<>();
    try (var lines = Files.lines(file)) {
      lines
          .limit(MAX_LINES)
          .forEach(
              line -> {
                try {
                  Multiaddr address = Multiaddr.parse(line);
                  address
                      .peer()
                      .map(PeerId::parse)
                      .ifPresent(
                          peer ->
                              peers
                                  .computeIfAbsent(peer, _ -> new ArrayList<>())
                                  .add(address.withoutPeer()));
                } catch (IllegalArgumentException e) {
                  log.debug("'{}' in {} is no address", line, file);
                }
              });
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      log.info("the peers of the last time are not known: {}", e.toString());
      return List.of();
    }
    return peers.entrySet().stream()
        .map(peer -> Contact.of(peer.getKey(), peer.getValue()))
        .toList();
  }

  /** Keeps peers for the next time, in place of those before; nobody is not worth keeping. */
  void write(List<Contact> peers) {
    if (peers.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (Contact peer : peers) {
      for (Multiaddr address : peer.addresses()) {
        lines.add(address.withPeer(peer.peer().toString()).toString());
      }
    }
    try {
      Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
      try {
        Files.write(fresh, lines);
        Files.move(
            fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh); // if it is still there
      }
    } catch (IOException e) {
      log.info("the peers of {} cannot be kept for the next time: {}", file, e.toString());
    }
  }
}
