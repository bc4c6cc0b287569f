package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The messages of the Port Control Protocol that map a port of IPv4 (RFC 6887 §7 and §11). */
final class PcpMessages {
  static final int PORT = 5351;
  static final int NONCE_BYTES = 12;

  private static final int VERSION = 2;
  private static final int ANNOUNCE = 0;
  private static final int MAP = 1;
  private static final int IS_ANSWER = 0x80;
  private static final int HEADER_BYTES = 24;
  private static final int BYTES = 60;
  private static final int IP_BYTES = 16;

  private PcpMessages() {}

  /** Asks for a sign of life (§14.1). */
  static byte[] announce(InetAddress client) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .put((byte) VERSION)
        .put((byte) ANNOUNCE)
        .putShort((short) 0)
        .putInt(0)
        .put(mapped(client.getAddress()))
        .array();
  }

  /** The epoch of an answer to {@link #announce}: there is one in a refusal too. */
  static Optional<Long> readAnnounce(byte[] datagram) {
    return datagram.length >= HEADER_BYTES
            && datagram[0] == VERSION
            && datagram[1] == (byte) (IS_ANSWER | ANNOUNCE)
        ? Optional.of(epoch(datagram))
        : Optional.empty();
  }

  /** The seconds of an answer's header (§7.2). */
  static long epoch(byte[] answer) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(answer).getInt(8));
  }

  /**
   * @param lifetime zero takes the mapping back
   */
  static byte[] map(
      InetAddress client,
      byte[] nonce,
      PortMapping.Kind kind,
      int internalPort,
      int externalPort,
      Duration lifetime) {
    return ByteBuffer.allocate(BYTES)
        .put((byte) VERSION)
        .put((byte) MAP)
        .putShort((short) 0)
        .putInt((int) lifetime.toSeconds())
        .put(mapped(client.getAddress()))
        .put(nonce)
        .put((byte) kind.number())
        .put(new byte[3])
        .putShort((short) internalPort)
        .putShort((short) externalPort)
        .put(mapped(new byte[4]))
        .array();
  }

  /**
   * Reads what a router answers to {@link #map}.
   *
   * @return empty if it answers something else
   */
  static Optional<PortMapping> readMap(
      byte[] datagram, byte[] nonce, PortMapping.Kind kind, int internalPort) throws IOException {
    ByteBuffer answer = ByteBuffer.wrap(datagram);
    if (datagram.length < BYTES) {
      return Optional.empty();
    }
    int version = Byte.toUnsignedInt(answer.get());
    int operation = Byte.toUnsignedInt(answer.get());
    int result = Byte.toUnsignedInt(answer.get(3));
    if (version != VERSION || operation != (IS_ANSWER | MAP)) {
      return Optional.empty();
    }
    answer.position(4);
    Duration lifetime = Duration.ofSeconds(Integer.toUnsignedLong(answer.getInt()));
    answer.position(answer.position() + 16); // the epoch, and what is reserved
    byte[] answered = new byte[NONCE_BYTES];
    answer.get(answered);
    int protocol = Byte.toUnsignedInt(answer.get());
    answer.position(answer.position() + 3);
    int internal = Short.toUnsignedInt(answer.getShort());
    if (!Arrays.equals(answered, nonce) || protocol != kind.number() || internal != internalPort) {
      return Optional.empty();
    }
    if (result != 0) {
      throw new PortMappingRefusedException("the router refuses: " + reason(result));
    }
    int externalPort = Short.toUnsignedInt(answer.getShort());
    byte[] ip = new byte[IP_BYTES];
    answer.get(ip);
    return Optional.of(
        new PortMapping(kind, internal, new InetSocketAddress(ip4(ip), externalPort), lifetime));
  }

  private static byte[] mapped(byte[] ip4) {
    byte[] ip = new byte[IP_BYTES];
    ip[10] = (byte) 0xff;
    ip[11] = (byte) 0xff;
    System.arraycopy(ip4, 0, ip, 12, 4);
    return ip;
  }

  private static InetAddress ip4(byte[] mapped) throws IOException {
    InetAddress ip;
    try {
      ip = InetAddress.getByAddress(mapped); // takes the mapped form for what it means
    } catch (UnknownHostException e) {
      throw new AssertionError("sixteen bytes are an address", e);
    }
    if (ip instanceof Inet4Address) {
      return ip;
    }
    throw new IOException("the router mapped a port of IPv6");
  }

  /** §7.4. */
  private static String reason(int result) {
    return switch (result) {
      case 2 -> "it maps no ports for this machine";
      case 3 -> "its request was malformed";
      case 1, 4, 5, 6, 9 -> "it cannot do that";
      case 7 -> "it is not connected itself";
      case 8 -> "it has no room for one more";
      case 10 -> "this machine has too many already";
      case 11 -> "it cannot give that port";
      case 12 -> "there is another router in between";
      case 13 -> "too many peers";
      default -> "code " + result;
    };
  }
}
