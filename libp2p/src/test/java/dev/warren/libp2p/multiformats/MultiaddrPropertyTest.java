package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MultiaddrPropertyTest {
  @Provide
  Arbitrary<Multiaddr> components() {
    return Arbitraries.of(Protocol.class)
        .filter(protocol -> !protocol.isPath())
        .flatMap(protocol -> values(protocol).map(value -> Multiaddr.EMPTY.with(protocol, value)));
  }

  @Provide
  Arbitrary<Multiaddr> addresses() {
    return components()
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> parts.stream().reduce(Multiaddr.EMPTY, Multiaddr::with))
        .filter(address -> address.toBytes().length < 1000);
  }

  @Property
  void textAndBytesRoundTrip(@ForAll("addresses") Multiaddr address) {
    assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
    assertThat(Multiaddr.fromBytes(address.toBytes())).isEqualTo(address);
  }

  @Property
  void theComponentsMakeTheAddress(
      @ForAll("addresses") Multiaddr first, @ForAll("addresses") Multiaddr second) {
    Multiaddr both = first.with(second);

    assertThat(both.components())
        .startsWith(first.components().toArray(Multiaddr.Component[]::new));
    assertThat(both.components()).endsWith(second.components().toArray(Multiaddr.Component[]::new));
    assertThat(both).hasToString(first.toString() + second);
    assertThat(both.protocols())
        .isEqualTo(both.components().stream().map(Multiaddr.Component::protocol).toList());
  }

  @Property
  void aPathEndsAnAddress(@ForAll("addresses") Multiaddr address) {
    Multiaddr path = address.with(Protocol.UNIX, "/run/warren/socket");

    assertThat(Multiaddr.parse(path.toString())).isEqualTo(path);
    assertThat(Multiaddr.fromBytes(path.toBytes())).isEqualTo(path);
    byte[] more = Arrays.copyOf(path.toBytes(), path.toBytes().length + 2);
    System.arraycopy(Varint.encode(Protocol.TLS.code()), 0, more, more.length - 2, 2);
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Multiaddr.fromBytes(more));
  }

  @Property
  void cutBytesAreRefusedOrAnAddressOfFewerComponents(
      @ForAll("addresses") Multiaddr address, @ForAll @IntRange(min = 1, max = 40) int dropped) {
    byte[] bytes = address.toBytes();
    byte[] cut = Arrays.copyOf(bytes, Math.max(1, bytes.length - dropped));
    List<Multiaddr.Component> whole = address.components();
    try {
      List<Multiaddr.Component> left = Multiaddr.fromBytes(cut).components();
      assertThat(left).isEqualTo(whole.subList(0, left.size()));
    } catch (MalformedException e) {
      assertThat(e).hasMessageContaining("at byte");
    }
  }

  @Property
  void ip6TextMeansWhatTheJdkUnderstands(@ForAll @Size(16) byte[] ip) throws UnknownHostException {
    InetAddress address = InetAddress.getByAddress(ip);
    String text = Multiaddr.ofTcp(new InetSocketAddress(address, 1)).components().get(0).value();

    assertThat(InetAddress.ofLiteral(text)).isEqualTo(address);
  }

  /** Few groups that are not zero, since runs of zeros are what is hard. */
  @Property
  void ip6WithRunsOfZerosRoundTrips(@ForAll @Size(8) List<@IntRange(max = 2) Integer> groups) {
    byte[] ip = new byte[16];
    for (int i = 0; i < 8; i++) {
      ip[2 * i + 1] = groups.get(i).byteValue();
    }
    Ip6Value codec = new Ip6Value();
    String text = codec.format(ip, 0, 16);

    assertThat(codec.parse(text)).isEqualTo(ip);
    assertThat(text.split("::", -1)).hasSizeLessThanOrEqualTo(2);
  }

  private static Arbitrary<String> values(Protocol protocol) {
    Arbitrary<Integer> ports = Arbitraries.integers().between(1, 65535);
    return switch (protocol) {
      case IP4 ->
          Arbitraries.integers()
              .between(0, 255)
              .list()
              .ofSize(4)
              .map(octets -> "%d.%d.%d.%d".formatted(octets.toArray()));
      case IP6 -> bytes(16, 16).map(ip -> new Ip6Value().format(ip, 0, 16));
      case TCP, UDP, SCTP, DCCP -> ports.map(String::valueOf);
      case IPCIDR -> Arbitraries.integers().between(0, 255).map(String::valueOf);
      case MEMORY -> Arbitraries.longs().map(Long::toUnsignedString);
      case DNS, DNS4, DNS6, DNSADDR, SNI, IP6ZONE ->
          Arbitraries.strings().alpha().numeric().withChars(".-_\u00fc\u4e16").ofMinLength(1);
      case P2P ->
          Arbitraries.oneOf(
              bytes(0, 42).map(key -> Multihash.identity(key).toString()),
              bytes(0, 99).map(key -> Multihash.sha256(key).toString()),
              bytes(0, 42)
                  .map(key -> Cid.v1(Cid.Codec.LIBP2P_KEY, Multihash.identity(key)).toString()));
      case CERTHASH ->
          bytes(0, 64).map(hash -> Multibase.BASE58BTC.encode(Multihash.sha256(hash).toBytes()));
      case HTTP_PATH -> bytes(1, 40).map(path -> Protocol.HTTP_PATH.format(path, 0, path.length));
      case ONION -> bytes(10, 10).map(Multibase.BASE32::encodeBare).map(host -> host + ":9");
      case ONION3 -> bytes(35, 35).map(Multibase.BASE32::encodeBare).map(host -> host + ":65535");
      case GARLIC32 -> bytes(35, 40).map(Multibase.BASE32::encodeBare);
      case GARLIC64 -> bytes(386, 391).map(to -> Protocol.GARLIC64.format(to, 0, to.length));
      default -> Arbitraries.just("");
    };
  }

  private static Arbitrary<byte[]> bytes(int min, int max) {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(min).ofMaxSize(max);
  }
}
