package dev.warren.sharecodes;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All that is needed to receive: who shares, where to reach them, the key and the name of the
 * share. It has two texts, {@link #toString} and {@link #toBase64}. See
 * docs/protocols/share-codes.md, "Tickets".
 *
 * @param peer who shares
 * @param addresses where, best first, without the peer that they lead to; at most {@value
 *     #MAX_ADDRESSES}
 * @param key what the share is encrypted under
 * @param share which of the peer's shares
 */
public record Ticket(PeerId peer, List<Multiaddr> addresses, ShareKey key, ShareId share)
    implements ShareCode {
  /** Most addresses that a ticket has. */
  public static final int MAX_ADDRESSES = 32;

  /** Longest address of a ticket, in its binary form. */
  public static final int MAX_ADDRESS_BYTES = 255;

  /**
   * Longest text for a QR code: one of version 13 with error correction M holds it, 69 modules
   * wide, which with its margin fits a terminal of 80 columns.
   */
  public static final int MAX_QR_CHARACTERS = 483;

  /** What the compact text begins with, in either case. */
  static final String SCHEME = "warren:";

  /**
   * Addresses are kept once each and without the peer, where they end in it.
   *
   * @throws IllegalArgumentException if there are too many addresses, one is too long, a path of
   *     this machine, or leads to another peer
   */
  public Ticket {
    Set<Multiaddr> bare = new LinkedHashSet<>();
    for (Multiaddr address : addresses) {
      if (!isUsable(address, peer)) {
        throw new IllegalArgumentException("no address that leads to " + peer + ": " + address);
      }
      bare.add(address.withoutPeer());
    }
    if (bare.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          "%d addresses are more than %d".formatted(bare.size(), MAX_ADDRESSES));
    }
    addresses = List.copyOf(bare);
  }

  /**
   * A ticket with those of the addresses that may stand in one, as many as it has room for. For
   * lists that are longer or come from elsewhere.
   */
  public static Ticket ofUsable(
      PeerId peer, List<Multiaddr> addresses, ShareKey key, ShareId share) {
    List<Multiaddr> usable =
        addresses.stream()
            .filter(address -> isUsable(address, peer))
            .map(Multiaddr::withoutPeer)
            .distinct()
            .limit(MAX_ADDRESSES)
            .toList();
    return new Ticket(peer, usable, key, share);
  }

  private static boolean isUsable(Multiaddr address, PeerId peer) {
    if (!address.peer().map(peer.toString()::equals).orElse(true)) {
      return false;
    }
    Multiaddr bare = address.withoutPeer();
    // A path takes all that follows it as its own, so the peer could not be put behind it again.
    return !bare.isEmpty()
        && !bare.has(Protocol.UNIX)
        && bare.toBytes().length <= MAX_ADDRESS_BYTES;
  }

  /**
   * Reads a ticket in any of its forms.
   *
   * @throws InvalidShareCodeException if it is none
   */
  public static Ticket parse(String text) throws InvalidShareCodeException {
    if (ShareCode.parse(text) instanceof Ticket ticket) {
      return ticket;
    }
    throw new InvalidShareCodeException("this is a code, but no ticket", 0);
  }

  /** The addresses with the peer at their end. */
  public List<Multiaddr> fullAddresses() {
    return addresses.stream().map(address -> address.withPeer(peer.toString())).toList();
  }

  /** The JSON form in base64, padded, of the standard alphabet. */
  public String toBase64() {
    return TicketJson.formatBase64(this);
  }

  /**
   * The compact text in capitals, which take less room in a QR code, without the least useful
   * addresses where it would be longer than {@link #MAX_QR_CHARACTERS}.
   */
  public String toQrText() {
    List<Multiaddr> kept = new ArrayList<>();
    for (Multiaddr address : AddressUse.order(addresses)) {
      kept.add(address);
      if (TicketBytes.format(with(kept)).length() > MAX_QR_CHARACTERS) {
        kept.removeLast();
      }
    }
    Ticket shortened = with(addresses.stream().filter(kept::contains).toList());
    return TicketBytes.format(shortened).toUpperCase(Locale.ROOT);
  }

  private Ticket with(List<Multiaddr> otherAddresses) {
    return new Ticket(peer, otherAddresses, key, share);
  }

  @Override
  public String redacted() {
    return "ticket of %s for %s, %d addresses".formatted(peer, share, addresses.size());
  }

  /** The compact text, {@code warren:…}, which is the ticket itself. */
  @Override
  public String toString() {
    return TicketBytes.format(this);
  }
}
