package dev.warren.libp2p.multiformats;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A self-describing network address: {@code /ip4/192.0.2.7/udp/4001/quic-v1/p2p/12D3KooW...}.
 *
 * <p>An immutable value that holds its binary form, on which equality rests; texts that differ in
 * spelling alone are equal once parsed. Every address whose text or bytes were accepted gives back
 * its canonical text and the same bytes. Nothing here resolves names. See multiformats/multiaddr
 * and libp2p/specs addressing/README.md.
 */
public final class Multiaddr {
  /** Longest binary form; the longest in use, an I2P destination, takes about 400. */
  public static final int MAX_BYTES = 2048;

  /**
   * The address without components: what is left of {@code /p2p/ID} without its peer. It can be
   * built upon, but no text and no bytes are read as it.
   */
  public static final Multiaddr EMPTY = new Multiaddr(new byte[0]);

  /** Longest text; no component takes ten characters for each of its bytes. */
  private static final int MAX_CHARACTERS = 10 * MAX_BYTES;

  private final byte[] bytes;

  private Multiaddr(byte[] bytes) {
    this.bytes = bytes;
  }

  /** One part of an address; the value is in canonical text and empty where there is none. */
  public record Component(Protocol protocol, String value) {
    @Override
    public String toString() {
      if (!protocol.hasValue()) {
        return "/" + protocol;
      }
      return "/" + protocol + (protocol.isPath() ? "" : "/") + value;
    }
  }

  /** Parses the text form. */
  public static Multiaddr parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new MalformedException(
          "%d characters are more than the %d of the longest multiaddr"
              .formatted(text.length(), MAX_CHARACTERS));
    }
    return new Multiaddr(MultiaddrText.parse(text));
  }

  /** Reads the binary form, which takes all of the bytes. */
  public static Multiaddr fromBytes(byte[] bytes) {
    requireLength(bytes.length);
    if (bytes.length == 0) {
      throw new MalformedException("a multiaddr has at least one component");
    }
    byte[] copy = bytes.clone();
    ComponentCursor cursor = new ComponentCursor(copy);
    int at = 0;
    try {
      while (cursor.advance()) {
        cursor.validateValue();
        if (cursor.protocol().isPath() && cursor.end() < copy.length) {
          throw new MalformedException(cursor.protocol() + ": nothing may follow it");
        }
        at = cursor.end();
      }
    } catch (MalformedException e) {
      throw new MalformedException("multiaddr at byte %d: %s".formatted(at, e.getMessage()), e);
    }
    return new Multiaddr(copy);
  }

  /** {@code /ip4/ADDRESS}, or its like for IPv6, with the zone of an address that needs one. */
  public static Multiaddr ofIp(InetAddress ip) {
    return ip instanceof Inet6Address ip6
        ? ofIp6(ip6)
        : EMPTY.with(Protocol.IP4, ip.getHostAddress());
  }

  /** {@code /ip4/ADDRESS/tcp/PORT} or its like for IPv6. */
  public static Multiaddr ofTcp(InetSocketAddress address) {
    return of(address, Protocol.TCP);
  }

  /** {@code /ip4/ADDRESS/udp/PORT} or its like for IPv6. */
  public static Multiaddr ofUdp(InetSocketAddress address) {
    return of(address, Protocol.UDP);
  }

  private static Multiaddr of(InetSocketAddress address, Protocol transport) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException("not resolved: " + address);
    }
    return ofIp(ip).with(transport, Integer.toString(address.getPort()));
  }

  private static Multiaddr ofIp6(Inet6Address ip) {
    String text = new Ip6Value().format(ip.getAddress(), 0, Ip6Value.BYTES);
    // The JDK also gives a scope to addresses that need none, where it read them from an interface.
    if (!ip.isLinkLocalAddress()) {
      return EMPTY.with(Protocol.IP6, text);
    }
    String address = ip.getHostAddress();
    int zone = address.indexOf('%');
    Multiaddr scope = zone < 0 ? EMPTY : EMPTY.with(Protocol.IP6ZONE, address.substring(zone + 1));
    return scope.with(Protocol.IP6, text);
  }

  /** A copy of the binary form. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The components in their order. */
  public List<Component> components() {
    List<Component> components = new ArrayList<>();
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      components.add(new Component(cursor.protocol(), cursor.value()));
    }
    return List.copyOf(components);
  }

  /** The components' protocols in their order; cheaper than the components. */
  public List<Protocol> protocols() {
    List<Protocol> protocols = new ArrayList<>();
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      protocols.add(cursor.protocol());
    }
    return List.copyOf(protocols);
  }

  /** Whether there is no component. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Value of the first component of the protocol, empty text where it has no values. */
  public Optional<String> value(Protocol protocol) {
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      if (cursor.protocol() == protocol) {
        return Optional.of(cursor.value());
      }
    }
    return Optional.empty();
  }

  /** Whether any component is of the protocol. */
  public boolean has(Protocol protocol) {
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      if (cursor.protocol() == protocol) {
        return true;
      }
    }
    return false;
  }

  /** This address with a component behind it. */
  public Multiaddr with(Protocol protocol, String value) {
    try {
      return append(protocol.encode(value));
    } catch (MalformedException e) {
      throw new MalformedException(protocol + ": " + e.getMessage(), e);
    }
  }

  /** This address with a component behind it that has no value. */
  public Multiaddr with(Protocol protocol) {
    return with(protocol, "");
  }

  /** This address with another behind it. */
  public Multiaddr with(Multiaddr suffix) {
    return suffix.isEmpty() ? this : append(suffix.bytes);
  }

  /** This address without the peer that it ends in, if it does. */
  public Multiaddr withoutPeer() {
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      if (cursor.protocol() == Protocol.P2P && cursor.end() == bytes.length) {
        return new Multiaddr(Arrays.copyOf(bytes, cursor.start()));
      }
    }
    return this;
  }

  /** This address ending in the peer, in place of one that it ends in already. */
  public Multiaddr withPeer(String id) {
    return withoutPeer().with(Protocol.P2P, id);
  }

  /**
   * The id of the peer that this address leads to, in base58btc: the last {@code /p2p}, unless a
   * {@code /p2p-circuit} follows, which makes it the relay.
   */
  public Optional<String> peer() {
    int from = 0;
    int to = 0;
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      if (cursor.protocol() == Protocol.P2P) {
        from = cursor.valueFrom();
        to = cursor.end();
      } else if (cursor.protocol() == Protocol.P2P_CIRCUIT) {
        to = 0;
      }
    }
    return to > 0 ? Optional.of(Protocol.P2P.format(bytes, from, to)) : Optional.empty();
  }

  /** Whether it leads through a relay. */
  public boolean isCircuit() {
    return has(Protocol.P2P_CIRCUIT);
  }

  /**
   * The IP address that this address begins with; empty where it does not, or where its zone is no
   * interface of this machine. An IPv6 address that maps one of IPv4 comes as the latter.
   */
  public Optional<InetAddress> ip() {
    ComponentCursor cursor = new ComponentCursor(bytes);
    Optional<String> zone = Optional.empty();
    boolean found = cursor.advance();
    if (found && cursor.protocol() == Protocol.IP6ZONE) {
      zone = Optional.of(cursor.value());
      found = cursor.advance();
    }
    if (!found) {
      return Optional.empty();
    }
    byte[] value = Arrays.copyOfRange(bytes, cursor.valueFrom(), cursor.end());
    return switch (cursor.protocol()) {
      case IP4 -> zone.isEmpty() ? Optional.of(IpZones.unscoped(value)) : Optional.empty();
      case IP6 ->
          zone.isEmpty()
              ? Optional.of(IpZones.unscoped(value))
              : IpZones.scoped(value, zone.orElseThrow());
      default -> Optional.empty();
    };
  }

  /** The TCP or UDP port that follows the host, be it an IP address or a name. */
  public OptionalInt port() {
    ComponentCursor cursor = new ComponentCursor(bytes);
    boolean found = cursor.advance();
    if (found && cursor.protocol() == Protocol.IP6ZONE) {
      found = cursor.advance();
    }
    if (found && cursor.isHost() && cursor.advance()) {
      return switch (cursor.protocol()) {
        case TCP, UDP ->
            OptionalInt.of((int) NumberValue.read(bytes, cursor.valueFrom(), cursor.end()));
        default -> OptionalInt.empty();
      };
    }
    return OptionalInt.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Multiaddr that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The canonical text form. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "/";
    }
    StringBuilder out = new StringBuilder(bytes.length * 2);
    ComponentCursor cursor = new ComponentCursor(bytes);
    while (cursor.advance()) {
      out.append('/').append(cursor.protocol());
      if (cursor.protocol().hasValue()) {
        if (!cursor.protocol().isPath()) {
          out.append('/');
        }
        out.append(cursor.value());
      }
    }
    return out.toString();
  }

  static void requireLength(int length) {
    if (length > MAX_BYTES) {
      throw new MalformedException(
          "multiaddr of %d bytes is longer than %d".formatted(length, MAX_BYTES));
    }
  }

  private Multiaddr append(byte[] suffix) {
    // A path's text takes all that follows, so what is appended would be read as part of it.
    if (has(Protocol.UNIX)) {
      throw new MalformedException("nothing may follow " + Protocol.UNIX);
    }
    requireLength(bytes.length + suffix.length);
    byte[] joined = Arrays.copyOf(bytes, bytes.length + suffix.length);
    System.arraycopy(suffix, 0, joined, bytes.length, suffix.length);
    return new Multiaddr(joined);
  }
}
