package dev.warren.relay;

import dev.warren.libp2p.identity.PeerId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a relay serves. Blocking goes before allowing; where somebody is allowed by name or address,
 * nobody else is.
 */
public record AccessList(Entries allowed, Entries blocked) {
  /** Serves everybody. */
  public static final AccessList EVERYBODY = new AccessList(Entries.NONE, Entries.NONE);

  /** Peers and addresses. */
  public record Entries(Set<PeerId> peers, List<IpRange> ranges) {
    static final Entries NONE = new Entries(Set.of(), List.of());

    /** Copies. */
    public Entries {
      peers = Set.copyOf(peers);
      ranges = List.copyOf(ranges);
    }

    /**
     * Reads entries: peer ids, addresses, and ranges such as 192.0.2.0/24.
     *
     * @throws IllegalArgumentException with a sentence about the one that is none
     */
    static Entries parse(List<String> texts) {
      Set<PeerId> peers = new HashSet<>();
      List<IpRange> ranges = new ArrayList<>();
      for (String text : texts) {
        if (text.contains(".") || text.contains(":")) {
          ranges.add(IpRange.parse(text));
        } else {
          peers.add(peer(text));
        }
      }
      return new Entries(peers, ranges);
    }

    private static PeerId peer(String text) {
      try {
        return PeerId.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'%s' is neither a peer id nor an IP address".formatted(text), e);
      }
    }

    boolean isEmpty() {
      return peers.isEmpty() && ranges.isEmpty();
    }

    boolean has(PeerId peer, Optional<InetAddress> ip) {
      return peers.contains(peer)
          || ip.filter(address -> ranges.stream().anyMatch(range -> range.contains(address)))
              .isPresent();
    }
  }

  /** Whether a peer at an address is served. */
  public boolean admits(PeerId peer, Optional<InetAddress> ip) {
    return !blocked.has(peer, ip) && (allowed.isEmpty() || allowed.has(peer, ip));
  }
}
