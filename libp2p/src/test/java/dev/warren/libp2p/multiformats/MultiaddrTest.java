package dev.warren.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.libp2p.multiformats.Multiaddr.Component;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {
  private static final String PEER = "12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV";
  private static final String OTHER = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";

  @ParameterizedTest
  @CsvSource({
    "/ip4/127.0.0.1/tcp/1234//, /ip4/127.0.0.1/tcp/1234",
    "/tcp/00080, /tcp/80",
    "/ip6/2001:DB8:0:0:1:0:0:1, /ip6/2001:db8::1:0:0:1",
    "/ip6/2001:db8:0:1:1:1:1:1, /ip6/2001:db8:0:1:1:1:1:1",
    "/ip6/1:0:0:2:0:0:0:3, /ip6/1:0:0:2::3",
    "/ip6/0:0:0:0:0:0:0:0, /ip6/::",
    "/ip6/0::, /ip6/::",
    "/ip6/1::, /ip6/1::",
    "/ip6/0:0:0:0:0:FFFF:7f00:1, /ip6/::ffff:127.0.0.1",
    "/ip6/64:ff9b::192.0.2.33, /ip6/64:ff9b::c000:221",
    "/ip6/::1.2.3.4, /ip6/::102:304",
    "/ip6/1:2:3:4:5:6:1.2.3.4, /ip6/1:2:3:4:5:6:102:304",
    "/ip6/::2:3:4:5:6:7:8, /ip6/0:2:3:4:5:6:7:8",
    "/ipfs/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC,"
        + " /p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
    "/p2p/bafzbeigvf25ytwc3akrijfecaotc74udrhcxzh2cx3we5qqnw5vgrei4bm,"
        + " /p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
    "/certhash/b2uaraocy6yrdblb4sfptaddgimjmmpy, /certhash/u1QEQOFj2IjCsPJFfMAxmQxLGPw",
    "/http-path/a+b%20c%2fd@, /http-path/a%2Bb%20c%2Fd%40",
    "/unix/a/b/, /unix/a/b",
    "/dns/b\u00fccher.example, /dns/b\u00fccher.example"
  })
  void isWrittenInCanonicalText(String text, String canonical) {
    Multiaddr address = Multiaddr.parse(text);

    assertThat(address).hasToString(canonical);
    assertThat(Multiaddr.parse(canonical)).isEqualTo(address).hasSameHashCodeAs(address);
    assertThat(Multiaddr.fromBytes(address.toBytes())).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "ip4/1.2.3.4, begins with '/'",
    "/ip5/1.2.3.4, at character 0: unknown protocol \"ip5\"",
    "/ip4/1.2.3.4//tcp/1, at character 12: unknown protocol \"\"",
    "/ip4/1.2.3.4/tcp, at character 12: tcp: value is missing",
    "/ip4/1.2.3.4/tcp/65536, at character 12: tcp: \"65536\" is greater than 65535",
    "/tcp/+1, not a decimal number",
    "/tcp/\u0663, not a decimal number",
    "/memory/18446744073709551616, greater than 18446744073709551615",
    "/ip4/01.2.3.4, not an IPv4 address",
    "/ip4/1.2.3, not an IPv4 address",
    "/ip4/1.2.3.4.5, not an IPv4 address",
    "/ip4/1.2.3.256, not an IPv4 address",
    "/ip4/1.2.3., not an IPv4 address",
    "/ip4/::ffff:1.2.3.4, not an IPv4 address",
    "/ip6/1.2.3.4, not an IPv6 address",
    "/ip6/1:2:3:4:5:6:7:1.2.3.4, not an IPv6 address",
    "/ip6/1:2:3:4:5:6:7, not an IPv6 address",
    "/ip6/1:2:3:4:5:6:7:8:9, not an IPv6 address",
    "/ip6/1:2:3:4::5:6:7:8, not an IPv6 address",
    "/ip6/1::2::3, not an IPv6 address",
    "/ip6/:::1, not an IPv6 address",
    "/ip6/:1::, not an IPv6 address",
    "/ip6/1:, not an IPv6 address",
    "/ip6/12345::, not an IPv6 address",
    "/ip6/fe80::1%eth0, not an IPv6 address",
    "/ip6/::\uff11, not an IPv6 address",
    "/dns4//tcp/80, a name is not empty",
    "'/dns/a\u0007b', control character U+0007",
    "/dns/\ud800, not Unicode text",
    "/http-path/a b, has to be percent-encoded",
    "/http-path/%2, not followed by two hex digits",
    "/p2p/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi, codec 0x70 is no peer id",
    "/p2p/11, ''"
  })
  void saysWhatIsWrongWithATextAndWhere(String text, String reason) {
    if (reason.isEmpty()) {
      // An identity multihash of nothing: useless, yet other implementations take it.
      assertThat(Multiaddr.parse(text)).hasToString(text);
      return;
    }
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.parse(text))
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "04c0000201ffff01, at byte 5: unknown protocol code 32767",
    "04c00002, at byte 0: ip4: value of 4 bytes, of which 3 are there",
    "3504616263, dns: value of 4 bytes, of which 3 are there",
    "35ffffffffffffffff7f61, dns: value of 9223372036854775807 bytes",
    "3500, a name is not empty",
    "35012f, a name has no '/'",
    "3501ff, not UTF-8",
    "350107, control character U+0007",
    "84800001, not minimal",
    "91, cut short",
    "9003022f61047f000001, unix: nothing may follow it",
    "9003012f, a path begins with '/'",
    "9003036162, value of 3 bytes",
    "9003026162, a path begins with '/'",
    "9003032f612f, a path begins with '/'",
    "a50302120a, announces a digest",
    "a503221221c05877cbae039d70a5e600ea02c6f9f2942439285c9e344e26f8d280c850fad6, digest of 33",
    "a50304120201ff, is no peer id",
    "bc03303030303030303030300000, port 0",
    "be030100, 1 bytes are no I2P address",
    "e10300, an HTTP path is not empty",
    "d20300, cut short"
  })
  void saysWhatIsWrongWithBytesAndWhere(String hex, String reason) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.fromBytes(HexFormat.of().parseHex(hex)))
        .withMessageContaining(reason);
  }

  @Test
  void isBoundedInLength() {
    String path = "a".repeat(Multiaddr.MAX_BYTES - 5);
    assertThat(Multiaddr.parse("/unix/" + path).toBytes()).hasSize(Multiaddr.MAX_BYTES);

    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.parse("/unix/a" + path))
        .withMessageContaining("2049 bytes is longer than 2048");
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.fromBytes(new byte[Multiaddr.MAX_BYTES + 1]));
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.parse("/".repeat(100_000)));
    Multiaddr half = Multiaddr.EMPTY.with(Protocol.DNS, "a".repeat(1100));
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> half.with(half));
  }

  @Test
  void theLongestTextsFit() {
    Multiaddr one = Multiaddr.parse("/p2p-websocket-star");
    Multiaddr many = one;
    while (many.toBytes().length < Multiaddr.MAX_BYTES) {
      many = many.with(one);
    }

    assertThat(Multiaddr.parse(many.toString())).isEqualTo(many);
  }

  @Test
  void listsItsComponents() {
    Multiaddr address = Multiaddr.parse("/dns4/example.org/tcp/443/tls/ws/p2p/" + PEER);

    assertThat(address.components())
        .containsExactly(
            new Component(Protocol.DNS4, "example.org"),
            new Component(Protocol.TCP, "443"),
            new Component(Protocol.TLS, ""),
            new Component(Protocol.WS, ""),
            new Component(Protocol.P2P, PEER));
    assertThat(address.protocols())
        .containsExactly(Protocol.DNS4, Protocol.TCP, Protocol.TLS, Protocol.WS, Protocol.P2P);
    assertThat(address.components().getFirst()).hasToString("/dns4/example.org");
    assertThat(address.components().get(2)).hasToString("/tls");
    assertThat(Multiaddr.parse("/tls/unix/a/b").components().getLast()).hasToString("/unix/a/b");
  }

  @Test
  void findsTheFirstValueOfAProtocol() {
    Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/1/tls/ip4/5.6.7.8/tcp/2");

    assertThat(address.value(Protocol.IP4)).hasValue("1.2.3.4");
    assertThat(address.value(Protocol.TCP)).hasValue("1");
    assertThat(address.value(Protocol.TLS)).hasValue("");
    assertThat(address.value(Protocol.UDP)).isEmpty();
    assertThat(address.has(Protocol.TLS)).isTrue();
    assertThat(address.has(Protocol.UDP)).isFalse();
  }

  @Test
  void isBuiltFromParts() {
    Multiaddr address =
        Multiaddr.EMPTY
            .with(Protocol.IP4, "192.0.2.1")
            .with(Protocol.UDP, "4001")
            .with(Protocol.QUIC_V1)
            .with(Multiaddr.parse("/p2p/" + PEER));

    assertThat(address).hasToString("/ip4/192.0.2.1/udp/4001/quic-v1/p2p/" + PEER);
    assertThat(address.with(Multiaddr.EMPTY)).isEqualTo(address);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> address.with(Protocol.TCP, "x"))
        .withMessageContaining("tcp: \"x\"");
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> address.with(Protocol.TLS, "x"));
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Multiaddr.parse("/unix/a").with(Protocol.TLS))
        .withMessageContaining("nothing may follow unix");
  }

  @Test
  void takesAndDropsThePeerAtItsEnd() {
    Multiaddr host = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    Multiaddr full = host.withPeer(PEER);

    assertThat(full).hasToString("/ip4/192.0.2.1/tcp/4001/p2p/" + PEER);
    assertThat(full.peer()).hasValue(PEER);
    assertThat(full.withPeer(PEER)).isEqualTo(full);
    assertThat(full.withPeer(OTHER).peer()).hasValue(OTHER);
    assertThat(full.withoutPeer()).isEqualTo(host);
    assertThat(host.withoutPeer()).isEqualTo(host);
    assertThat(host.peer()).isEmpty();
    assertThat(Multiaddr.parse("/p2p/" + PEER).withoutPeer())
        .isEqualTo(Multiaddr.EMPTY)
        .hasToString("/");
    assertThat(full.with(Protocol.HTTP_PATH, "a").peer()).hasValue(PEER);
  }

  @Test
  void theRelayOfACircuitIsNotThePeerItLeadsTo() {
    Multiaddr relay = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001/p2p/" + PEER + "/p2p-circuit");

    assertThat(relay.isCircuit()).isTrue();
    assertThat(relay.peer()).isEmpty();
    assertThat(relay.withoutPeer()).isEqualTo(relay);
    assertThat(relay.withPeer(OTHER).peer()).hasValue(OTHER);
    assertThat(relay.withPeer(OTHER).withoutPeer()).isEqualTo(relay);
    assertThat(Multiaddr.parse("/p2p/" + PEER).isCircuit()).isFalse();
  }

  @Test
  void comesFromSocketAddresses() throws UnknownHostException {
    assertThat(Multiaddr.ofTcp(new InetSocketAddress("192.0.2.1", 80)))
        .hasToString("/ip4/192.0.2.1/tcp/80");
    assertThat(Multiaddr.ofUdp(new InetSocketAddress("2001:db8::1", 65535)))
        .hasToString("/ip6/2001:db8::1/udp/65535");
    byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
    assertThat(Multiaddr.ofTcp(new InetSocketAddress(scoped(linkLocal, 3), 1)))
        .hasToString("/ip6zone/3/ip6/fe80::1/tcp/1");
    assertThat(Multiaddr.ofTcp(new InetSocketAddress("fe80::1", 1)))
        .hasToString("/ip6/fe80::1/tcp/1");
    byte[] global = InetAddress.getByName("2001:db8::1").getAddress();
    assertThat(Multiaddr.ofTcp(new InetSocketAddress(scoped(global, 3), 1)))
        .hasToString("/ip6/2001:db8::1/tcp/1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Multiaddr.ofTcp(InetSocketAddress.createUnresolved("example.org", 80)));
  }

  @Test
  void yieldsTheIpAddressAndPortItBeginsWith() throws UnknownHostException {
    Multiaddr ip4 = Multiaddr.parse("/ip4/192.0.2.1/udp/4001/quic-v1");
    assertThat(ip4.ip()).hasValue(InetAddress.getByName("192.0.2.1"));
    assertThat(ip4.port()).hasValue(4001);

    Multiaddr ip6 = Multiaddr.parse("/ip6/2001:db8::1/tcp/0");
    assertThat(ip6.ip()).hasValue(InetAddress.getByName("2001:db8::1"));
    assertThat(ip6.port()).hasValue(0);

    Multiaddr mapped = Multiaddr.parse("/ip6/::ffff:192.0.2.1/tcp/1");
    assertThat(mapped.ip()).hasValue(InetAddress.getByName("192.0.2.1"));

    Multiaddr zoned = Multiaddr.parse("/ip6zone/7/ip6/fe80::1/tcp/5");
    assertThat(zoned.port()).hasValue(5);
    assertThat(zoned.ip())
        .get()
        .isInstanceOfSatisfying(Inet6Address.class, ip -> assertThat(ip.getScopeId()).isEqualTo(7));
    assertThat(Multiaddr.ofTcp(new InetSocketAddress(zoned.ip().orElseThrow(), 5)))
        .isEqualTo(zoned);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dns4/example.org/tcp/80",
        "/ip6zone/no-such-interface/ip6/fe80::1/tcp/1",
        "/ip6zone/99999999999/ip6/fe80::1/tcp/1",
        "/ip6zone/4294967295/ip6/fe80::1/tcp/1",
        "/ip6zone/1/ip4/192.0.2.1/tcp/1",
        "/ip6zone/1",
        "/tcp/80/ip4/192.0.2.1",
        "/memory/1",
        "/unix/a"
      })
  void hasNoIpAddressWhereItBeginsWithNone(String text) {
    assertThat(Multiaddr.parse(text).ip()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/192.0.2.1",
        "/ip4/192.0.2.1/tls/tcp/80",
        "/tcp/80",
        "/memory/1",
        "/ip6zone/1",
        "/ip4/192.0.2.1/sctp/80",
        "/p2p-circuit/ip4/192.0.2.1/tcp/1"
      })
  void hasNoPortWhereNoneFollowsTheHost(String text) {
    assertThat(Multiaddr.parse(text).port()).isEmpty();
  }

  @Test
  void aNameHasAPortToo() {
    assertThat(Multiaddr.parse("/dns/example.org/udp/9/quic-v1").port()).hasValue(9);
  }

  @Test
  void cannotBeChangedFromOutside() {
    byte[] bytes = Multiaddr.parse("/tcp/1").toBytes();
    Multiaddr address = Multiaddr.fromBytes(bytes);
    bytes[2] = 9;
    address.toBytes()[2] = 9;

    assertThat(address).hasToString("/tcp/1");
    assertThat(address.components()).isEqualTo(List.of(new Component(Protocol.TCP, "1")));
  }

  private static InetAddress scoped(byte[] ip, int scope) throws UnknownHostException {
    return Inet6Address.getByAddress(null, ip, scope);
  }
}
