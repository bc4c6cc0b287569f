package dev.warren.libp2p.multiformats;

import java.nio.ByteBuffer;

/**
 * Walks over the components of a binary multiaddr: each a code, a length where the protocol's
 * values vary, and the value. See multiformats/multiaddr README.md, "Packed form".
 */
final class ComponentCursor {
  private final ByteBuffer in;
  private Protocol protocol = Protocol.IP4;
  private int start;
  private int valueFrom;

  /** Starts before the first component. */
  ComponentCursor(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  /** Moves to the next component; false where none is left. */
  boolean advance() {
    if (!in.hasRemaining()) {
      return false;
    }
    start = in.position();
    protocol = Protocol.withCode(Varint.read(in));
    long size = protocol.size() == Protocol.VARIABLE ? Varint.read(in) : protocol.size();
    if (size > in.remaining()) {
      throw new MalformedException(
          "%s: value of %d bytes, of which %d are there".formatted(protocol, size, in.remaining()));
    }
    valueFrom = in.position();
    in.position(valueFrom + (int) size);
    return true;
  }

  Protocol protocol() {
    return protocol;
  }

  /** Index of the component's first byte. */
  int start() {
    return start;
  }

  /** Index of the value's first byte. */
  int valueFrom() {
    return valueFrom;
  }

  /** Index after the component's last byte. */
  int end() {
    return in.position();
  }

  String value() {
    return protocol.format(in.array(), valueFrom, end());
  }

  void validateValue() {
    protocol.validate(in.array(), valueFrom, end());
  }

  /** Whether the protocol names a host, as an address or as a name to resolve. */
  boolean isHost() {
    return switch (protocol) {
      case IP4, IP6, DNS, DNS4, DNS6, DNSADDR -> true;
      default -> false;
    };
  }
}
