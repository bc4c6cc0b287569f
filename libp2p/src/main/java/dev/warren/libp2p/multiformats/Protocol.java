package dev.warren.libp2p.multiformats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The protocols that a multiaddr is made of, see multiformats/multiaddr protocols.csv.
 *
 * <p>All of the table is here, also what this stack does not speak: an address of a foreign
 * transport is to be skipped, not to spoil the message that it came in.
 */
public enum Protocol {
  IP4("ip4", 4, Ip4Value.BYTES, new Ip4Value()),
  TCP("tcp", 6, 2, new NumberValue(2)),
  DCCP("dccp", 33, 2, new NumberValue(2)),
  IP6("ip6", 41, Ip6Value.BYTES, new Ip6Value()),
  IP6ZONE("ip6zone", 42, Protocol.VARIABLE, new NameValue()),
  IPCIDR("ipcidr", 43, 1, new NumberValue(1)),
  DNS("dns", 53, Protocol.VARIABLE, new NameValue()),
  DNS4("dns4", 54, Protocol.VARIABLE, new NameValue()),
  DNS6("dns6", 55, Protocol.VARIABLE, new NameValue()),
  DNSADDR("dnsaddr", 56, Protocol.VARIABLE, new NameValue()),
  SCTP("sctp", 132, 2, new NumberValue(2)),
  UDP("udp", 273, 2, new NumberValue(2)),
  P2P_WEBRTC_STAR("p2p-webrtc-star", 275),
  P2P_WEBRTC_DIRECT("p2p-webrtc-direct", 276),
  P2P_STARDUST("p2p-stardust", 277),
  WEBRTC_DIRECT("webrtc-direct", 280),
  WEBRTC("webrtc", 281),
  P2P_CIRCUIT("p2p-circuit", 290),
  UDT("udt", 301),
  UTP("utp", 302),
  UNIX("unix", 400, Protocol.VARIABLE, new UnixPathValue()),
  P2P("p2p", 421, Protocol.VARIABLE, new PeerValue()),
  HTTPS("https", 443),
  ONION("onion", 444, 12, new OnionValue(10)),
  ONION3("onion3", 445, 37, new OnionValue(35)),
  GARLIC64("garlic64", 446, Protocol.VARIABLE, GarlicValue.base64()),
  GARLIC32("garlic32", 447, Protocol.VARIABLE, GarlicValue.base32()),
  TLS("tls", 448),
  SNI("sni", 449, Protocol.VARIABLE, new NameValue()),
  NOISE("noise", 454),
  QUIC("quic", 460),
  QUIC_V1("quic-v1", 461),
  WEBTRANSPORT("webtransport", 465),
  CERTHASH("certhash", 466, Protocol.VARIABLE, new CertHashValue()),
  WS("ws", 477),
  WSS("wss", 478),
  P2P_WEBSOCKET_STAR("p2p-websocket-star", 479),
  HTTP("http", 480),
  HTTP_PATH("http-path", 481, Protocol.VARIABLE, new HttpPathValue()),
  /**
   * The table lets it vary, and js takes any text; a number of 64 bits is what go and rust take.
   */
  MEMORY("memory", 777, 8, new NumberValue(8)),
  PLAINTEXTV2("plaintextv2", 7367777);

  /** Size of values that carry their length before them. */
  public static final int VARIABLE = -1;

  private static final @Nullable Protocol[] BY_SMALL_CODE = new @Nullable Protocol[1024];
  private static final Map<String, Protocol> BY_NAME = new HashMap<>();

  static {
    for (Protocol protocol : values()) {
      if (protocol.code < BY_SMALL_CODE.length) {
        BY_SMALL_CODE[protocol.code] = protocol;
      }
      BY_NAME.put(protocol.text, protocol);
    }
    BY_NAME.put("ipfs", P2P); // its name until 2018
  }

  private final String text;
  private final int code;
  private final int size;

  /** Immutable, as are the two below, which never leave this class. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final ValueCodec codec;

  @SuppressWarnings("ImmutableEnumChecker")
  private final byte[] codeBytes;

  Protocol(String text, int code) {
    this(text, code, 0, new NoValue());
  }

  Protocol(String text, int code, int size, ValueCodec codec) {
    this.text = text;
    this.code = code;
    this.size = size;
    this.codec = codec;
    this.codeBytes = Varint.encode(code);
  }

  /** The protocol of that name, {@code ipfs} being an old one of {@code p2p}. */
  public static Protocol named(String name) {
    Protocol protocol = BY_NAME.get(name);
    if (protocol == null) {
      throw new MalformedException("unknown protocol " + MalformedException.quote(name));
    }
    return protocol;
  }

  /** The protocol of that code. */
  public static Protocol withCode(long code) {
    Protocol protocol = null;
    if (code >= 0 && code < BY_SMALL_CODE.length) {
      protocol = BY_SMALL_CODE[(int) code];
    } else if (code == PLAINTEXTV2.code) {
      protocol = PLAINTEXTV2;
    }
    if (protocol == null) {
      throw new MalformedException("unknown protocol code " + code);
    }
    return protocol;
  }

  /** Its number in the table of multicodecs. */
  public int code() {
    return code;
  }

  /** Bytes of its values: 0 where it has none, {@link #VARIABLE} where they differ. */
  public int size() {
    return size;
  }

  /** Whether a value follows the name. */
  public boolean hasValue() {
    return size != 0;
  }

  /** Whether its value takes all the rest of an address, slashes included. */
  public boolean isPath() {
    return this == UNIX;
  }

  /** The name in an address. */
  @Override
  public String toString() {
    return text;
  }

  /** The binary component of a value's text. */
  byte[] encode(String value) {
    byte[] bytes = codec.parse(value);
    int prefix = codeBytes.length + (size == VARIABLE ? Varint.size(bytes.length) : 0);
    byte[] out = Arrays.copyOf(codeBytes, prefix + bytes.length);
    if (size == VARIABLE) {
      Varint.write(bytes.length, out, codeBytes.length);
    }
    System.arraycopy(bytes, 0, out, prefix, bytes.length);
    return out;
  }

  void validate(byte[] bytes, int from, int to) {
    codec.validate(bytes, from, to);
  }

  String format(byte[] bytes, int from, int to) {
    return codec.format(bytes, from, to);
  }
}
