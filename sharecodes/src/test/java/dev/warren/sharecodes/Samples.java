package dev.warren.sharecodes;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.multiformats.Protocol;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary codes of every kind. */
final class Samples {
  private Samples() {}

  static Arbitrary<WordCode> wordCodes() {
    Arbitrary<String> words = Arbitraries.integers().between(0, Words.COUNT - 1).map(Words::at);
    return Combinators.combine(Arbitraries.integers().between(0, 9999), words, words, words)
        .as(WordCode::new);
  }

  static Arbitrary<byte[]> bytes(int length) {
    return Arbitraries.bytes().array(byte[].class).ofSize(length);
  }

  static Arbitrary<PeerId> peers() {
    Arbitrary<PeerId> inline =
        bytes(32)
            .map(
                key -> {
                  byte[] encoded = Arrays.copyOf(new byte[] {8, 1, 18, 32}, 36);
                  System.arraycopy(key, 0, encoded, 4, 32);
                  return PeerId.fromBytes(Multihash.identity(encoded).toBytes());
                });
    Arbitrary<PeerId> hashed =
        bytes(8).map(key -> PeerId.fromBytes(Multihash.sha256(key).toBytes()));
    return Arbitraries.oneOf(inline, hashed);
  }

  static Arbitrary<Multiaddr> addresses() {
    Arbitrary<String> ports = Arbitraries.integers().between(1, 65535).map(String::valueOf);
    Arbitrary<Multiaddr> ip4 =
        bytes(4)
            .map(
                b ->
                    Multiaddr.EMPTY.with(
                        Protocol.IP4,
                        "%d.%d.%d.%d"
                            .formatted(b[0] & 0xff, b[1] & 0xff, b[2] & 0xff, b[3] & 0xff)));
    Arbitrary<Multiaddr> ip6 =
        Arbitraries.integers()
            .between(0, 0xffff)
            .array(Integer[].class)
            .ofSize(8)
            .map(
                groups ->
                    Multiaddr.EMPTY.with(
                        Protocol.IP6,
                        String.join(
                            ":", Arrays.stream(groups).map(Integer::toHexString).toList())));
    Arbitrary<Multiaddr> hosts = Arbitraries.oneOf(ip4, ip6);
    Arbitrary<Multiaddr> tcp =
        Combinators.combine(hosts, ports).as((host, port) -> host.with(Protocol.TCP, port));
    Arbitrary<Multiaddr> quic =
        Combinators.combine(hosts, ports)
            .as((host, port) -> host.with(Protocol.UDP, port).with(Protocol.QUIC_V1));
    Arbitrary<Multiaddr> relayed =
        Combinators.combine(tcp, peers())
            .as(
                (address, relay) ->
                    address.with(Protocol.P2P, relay.toString()).with(Protocol.P2P_CIRCUIT));
    return Arbitraries.oneOf(tcp, quic, relayed);
  }

  static Arbitrary<ShareKey> keys() {
    return bytes(ShareKey.BYTES).map(ShareKey::of);
  }

  static Arbitrary<ShareId> shares() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .withCharRange('0', '9')
        .withChars('-', '_')
        .ofMinLength(1)
        .ofMaxLength(ShareId.MAX_CHARACTERS)
        .map(ShareId::new);
  }

  static Arbitrary<Ticket> tickets() {
    Arbitrary<List<Multiaddr>> lists = addresses().list().ofMaxSize(Ticket.MAX_ADDRESSES);
    return Combinators.combine(peers(), lists, keys(), shares()).as(Ticket::ofUsable);
  }

  static Arbitrary<LegacyCode> legacyCodes() {
    Arbitrary<Multiaddr> plain = addresses().filter(a -> a.protocols().size() == 2);
    return Combinators.combine(shares(), keys(), plain).as(LegacyCode::new);
  }

  static Arbitrary<ShareCode> codes() {
    return Arbitraries.oneOf(
        wordCodes().map(ShareCode.class::cast),
        tickets().map(ShareCode.class::cast),
        legacyCodes().map(ShareCode.class::cast));
  }
}
