package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The messages of the NAT Port Mapping Protocol (RFC 6886 §3). */
final class NatPmpMessages {
  private static final int VERSION = 0;
  private static final int EXTERNAL_ADDRESS = 0;
  private static final int IS_ANSWER = 0x80;
  private static final int ADDRESS_BYTES = 12;
  private static final int MAPPING_BYTES = 16;

  /** What a router says to a request for a mapping; where, it tells elsewhere. */
  record Mapped(int externalPort, Duration lifetime) {}

  private NatPmpMessages() {}

  static byte[] externalAddress() {
    return new byte[] {VERSION, EXTERNAL_ADDRESS};
  }

  /**
   * @param lifetime zero takes the mapping back
   */
  static byte[] map(PortMapping.Kind kind, int internalPort, int externalPort, Duration lifetime) {
    return ByteBuffer.allocate(12)
        .put((byte) VERSION)
        .put((byte) operation(kind))
        .putShort((short) 0)
        .putShort((short) internalPort)
        .putShort((short) externalPort)
        .putInt((int) lifetime.toSeconds())
        .array();
  }

  private static int operation(PortMapping.Kind kind) {
    return switch (kind) {
      case UDP -> 1;
      case TCP -> 2;
    };
  }

  /** The seconds of an answer (§3.2 and §3.3). */
  static long epoch(byte[] answer) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(answer).getInt(4));
  }

  /** Empty if the datagram answers something else. */
  static Optional<InetAddress> readExternalAddress(byte[] datagram) throws IOException {
    ByteBuffer answer = ByteBuffer.wrap(datagram);
    if (!isAnswer(answer, EXTERNAL_ADDRESS, ADDRESS_BYTES)) {
      return Optional.empty();
    }
    byte[] ip = new byte[4];
    answer.get(8, ip);
    return Optional.of(InetAddress.getByAddress(ip));
  }

  /** Empty if the datagram answers something else. */
  static Optional<Mapped> readMap(byte[] datagram, PortMapping.Kind kind, int internalPort)
      throws IOException {
    ByteBuffer answer = ByteBuffer.wrap(datagram);
    if (!isAnswer(answer, operation(kind), MAPPING_BYTES)
        || Short.toUnsignedInt(answer.getShort(8)) != internalPort) {
      return Optional.empty();
    }
    return Optional.of(
        new Mapped(
            Short.toUnsignedInt(answer.getShort(10)),
            Duration.ofSeconds(Integer.toUnsignedLong(answer.getInt(12)))));
  }

  private static boolean isAnswer(ByteBuffer answer, int operation, int bytes)
      throws PortMappingRefusedException {
    if (answer.remaining() < 4
        || answer.get(0) != VERSION
        || Byte.toUnsignedInt(answer.get(1)) != (IS_ANSWER | operation)) {
      return false;
    }
    int result = Short.toUnsignedInt(answer.getShort(2));
    if (result != 0) {
      throw new PortMappingRefusedException("the router refuses: " + reason(result));
    }
    return answer.remaining() >= bytes;
  }

  /** §3.5. */
  private static String reason(int result) {
    return switch (result) {
      case 2 -> "it maps no ports for this machine";
      case 3 -> "it is not connected itself";
      case 4 -> "it has no room for one more";
      case 1, 5 -> "it cannot do that";
      default -> "code " + result;
    };
  }
}
