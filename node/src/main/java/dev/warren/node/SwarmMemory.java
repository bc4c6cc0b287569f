package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.session.Acceptance;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.Token;
import dev.warren.protocols.transfer.session.TransferProtocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sources have said of a share besides its content, kept for when it is gone on with: what it
 * is called and what is said of it, the sharer's token, and who else has it. Safe for many threads.
 */
final class SwarmMemory {
  private static final Logger log = LoggerFactory.getLogger(SwarmMemory.class);

  private static final String NAME = "name";
  private static final String DESCRIPTION = "description";
  private static final String TOKEN = "token";
  private static final String SEEDS = "seeds";

  /** What a sharer tells of at a time, and the sharer itself. */
  private static final int MAX_SOURCES = TransferProtocol.MAX_SEEDS + 1;

  private final ShareDatabase database;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.
  private String name;
  private String description;
  private Optional<Token> token;
  private final LinkedHashMap<PeerId, FollowEvent.Seed> seeds = new LinkedHashMap<>();

  SwarmMemory(ShareDatabase database) throws IOException {
    this.database = database;
    name = database.meta(NAME).orElse("");
    description = database.meta(DESCRIPTION).orElse("");
    token = database.meta(TOKEN).map(text -> Token.of(Base64.getDecoder().decode(text)));
    for (String line : database.meta(SEEDS).orElse("").lines().toList()) {
      seed(line).ifPresent(seed -> seeds.put(seed.peer(), seed));
    }
  }

  /** A peer and its addresses, with spaces between. */
  private static Optional<FollowEvent.Seed> seed(String line) {
    String[] parts = line.split(" ", -1);
    List<Multiaddr> addresses = new ArrayList<>();
    try {
      for (int i = 1; i < parts.length; i++) {
        addresses.add(Multiaddr.parse(parts[i]));
      }
      return Optional.of(new FollowEvent.Seed(PeerId.parse(parts[0]), addresses, new byte[0]));
    } catch (MalformedException e) {
      return Optional.empty(); // written by another version
    }
  }

  /** What the sharer says; of others only what it has not said yet. */
  void keep(Acceptance acceptance, boolean fromSharer) {
    lock.lock();
    try {
      if (!acceptance.name().equals(name) && (fromSharer || name.isEmpty())) {
        name = acceptance.name();
        put(NAME, name);
      }
      if (!acceptance.description().equals(description) && (fromSharer || description.isEmpty())) {
        description = acceptance.description();
        put(DESCRIPTION, description);
      }
      if (fromSharer && acceptance.token().isPresent()) {
        token = acceptance.token();
        put(TOKEN, Base64.getEncoder().encodeToString(token.get().toBytes()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** One who has the share; those heard of last are kept. */
  void keep(FollowEvent.Seed seed) {
    lock.lock();
    try {
      FollowEvent.Seed before = seeds.putLast(seed.peer(), seed);
      if (seeds.size() > MAX_SOURCES) {
        seeds.pollFirstEntry();
      }
      if (before == null || !before.addresses().equals(seed.addresses())) {
        put(
            SEEDS,
            seeds.values().stream().map(SwarmMemory::line).collect(Collectors.joining("\n")));
      }
    } finally {
      lock.unlock();
    }
  }

  private static String line(FollowEvent.Seed seed) {
    return seed.addresses().stream()
        .map(Multiaddr::toString)
        .collect(Collectors.joining(" ", seed.peer() + " ", ""));
  }

  /** Not worth ending a transfer for. */
  private void put(String key, String value) {
    try {
      database.putMeta(key, value);
    } catch (IOException e) {
      log.warn("what sources said cannot be kept", e);
    }
  }

  String name() {
    lock.lock();
    try {
      return name;
    } finally {
      lock.unlock();
    }
  }

  String description() {
    lock.lock();
    try {
      return description;
    } finally {
      lock.unlock();
    }
  }

  Optional<Token> token() {
    lock.lock();
    try {
      return token;
    } finally {
      lock.unlock();
    }
  }

  List<FollowEvent.Seed> seeds() {
    lock.lock();
    try {
      return List.copyOf(seeds.values());
    } finally {
      lock.unlock();
    }
  }
}
