package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressResolverTest {
  private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
  private static final String OTHER = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

  private final Map<String, List<String>> texts = new HashMap<>();
  private final Map<String, List<String>> ips = new HashMap<>();
  private final ManualTime time = new ManualTime();
  private Duration lookupTime = Duration.ZERO;
  private int lookups;
  private Optional<PeerId> expected = Optional.empty();

  private final NameResolver names =
      new NameResolver() {
        @Override
        public List<InetAddress> addresses(String name) throws IOException {
          lookUp();
          if (!ips.containsKey(name)) {
            throw new UnknownHostException(name);
          }
          return ips.get(name).stream().map(InetAddress::ofLiteral).toList();
        }

        @Override
        public List<String> texts(String name) throws IOException {
          lookUp();
          return texts.getOrDefault(name, List.of());
        }

        private void lookUp() throws IOException {
          lookups++;
          try {
            time.advance(lookupTime);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
      };

  @Test
  void anAddressWithoutANameIsItself() throws IOException {
    assertThat(resolve("/ip4/1.2.3.4/tcp/1")).containsExactly("/ip4/1.2.3.4/tcp/1");
  }

  @Test
  void dnsYieldsBothFamiliesAndDns4AndDns6One() throws IOException {
    ips.put("example.org", List.of("1.2.3.4", "2001:db8::1"));
    assertThat(resolve("/dns/example.org/tcp/80"))
        .containsExactly("/ip4/1.2.3.4/tcp/80", "/ip6/2001:db8::1/tcp/80");
    assertThat(resolve("/dns4/example.org/tcp/80")).containsExactly("/ip4/1.2.3.4/tcp/80");
    assertThat(resolve("/dns6/example.org/tcp/80/p2p/" + PEER))
        .containsExactly("/ip6/2001:db8::1/tcp/80/p2p/" + PEER);
  }

  @Test
  void aNameWithoutAFittingAddressIsAnError() {
    ips.put("four.example.org", List.of("1.2.3.4"));
    assertThatThrownBy(() -> resolve("/dns6/four.example.org/tcp/80"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("four.example.org");
  }

  @Test
  void dnsaddrRecordsAreFollowedAndKeptOnlyForTheWantedPeer() throws IOException {
    texts.put(
        "_dnsaddr.example.org",
        List.of(
            "dnsaddr=/dnsaddr/a.example.org/p2p/" + PEER,
            "dnsaddr=/ip4/9.9.9.9/tcp/9/p2p/" + OTHER,
            "v=spf1 -all",
            "dnsaddr=/some/newer/kind/p2p/" + PEER));
    texts.put("_dnsaddr.a.example.org", List.of("dnsaddr=/ip4/1.2.3.4/tcp/4001/p2p/" + PEER));
    assertThat(resolve("/dnsaddr/example.org/p2p/" + PEER))
        .containsExactly("/ip4/1.2.3.4/tcp/4001/p2p/" + PEER);
    assertThat(resolve("/dnsaddr/example.org")).hasSize(2);
  }

  @Test
  void aRecordThatFailsDoesNotSpoilTheOthers() throws IOException {
    texts.put(
        "_dnsaddr.example.org",
        List.of(
            "dnsaddr=/dns4/unknown.example.org/tcp/1",
            "dnsaddr=/dnsaddr/empty.example.org",
            "dnsaddr=/ip4/1.2.3.4/tcp/4001",
            "dnsaddr=/dns4/unknown.example.org/tcp/2"));
    assertThat(resolve("/dnsaddr/example.org")).containsExactly("/ip4/1.2.3.4/tcp/4001");
  }

  @Test
  void whenNoRecordIsOfUseTheErrorSaysWhy() {
    assertThatThrownBy(() -> resolve("/dnsaddr/empty.example.org"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("the name empty.example.org has no fitting record");
    texts.put("_dnsaddr.example.org", List.of("dnsaddr=/dns4/unknown.example.org/tcp/1"));
    assertThatThrownBy(() -> resolve("/dnsaddr/example.org"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("unknown.example.org");
  }

  @Test
  void recordsOfOtherPeersThanTheExpectedOneAreNotFollowed() throws IOException {
    expected = Optional.of(PeerId.parse(PEER));
    texts.put(
        "_dnsaddr.example.org",
        List.of(
            "dnsaddr=/dnsaddr/other.example.org/p2p/" + OTHER,
            "dnsaddr=/ip4/1.2.3.4/tcp/1/p2p/" + PEER,
            "dnsaddr=/ip4/1.2.3.4/tcp/2",
            "dnsaddr=/ip4/1.2.3.4/tcp/3/p2p/" + OTHER + "/p2p-circuit"));
    assertThat(resolve("/dnsaddr/example.org"))
        .containsExactly(
            "/ip4/1.2.3.4/tcp/1/p2p/" + PEER,
            "/ip4/1.2.3.4/tcp/2",
            "/ip4/1.2.3.4/tcp/3/p2p/" + OTHER + "/p2p-circuit");
    assertThat(lookups).isEqualTo(1);
    assertThatThrownBy(() -> resolve("/ip4/1.2.3.4/tcp/1/p2p/" + OTHER))
        .hasMessage("it leads to another peer, " + OTHER);
  }

  @Test
  void anAddressWithinTheLinkKeepsItsZone() throws IOException {
    ips.put("printer.local", List.of("fe80::1%7"));
    assertThat(resolve("/dns/printer.local/tcp/80"))
        .containsExactly("/ip6zone/7/ip6/fe80::1/tcp/80");
  }

  @Test
  void lookupsAreBounded() {
    texts.put("_dnsaddr.loop.org", Collections.nCopies(10, "dnsaddr=/dnsaddr/loop.org"));
    assertThatThrownBy(() -> resolve("/dnsaddr/loop.org")).hasMessageContaining("32 names");
    assertThat(lookups).isEqualTo(32);
  }

  @Test
  void slowLookupsEndInTimeAndLeaveWhatWasFound() throws IOException {
    lookupTime = Duration.ofSeconds(4);
    texts.put("_dnsaddr.slow.org", Collections.nCopies(10, "dnsaddr=/dns4/slow.org/tcp/1"));
    ips.put("slow.org", List.of("1.2.3.4"));
    assertThat(resolve("/dnsaddr/slow.org")).hasSize(2);
    assertThat(lookups).isEqualTo(3);
  }

  @Test
  void recordsThatPointInACircleAreCutOff() {
    texts.put("_dnsaddr.loop.org", List.of("dnsaddr=/dnsaddr/loop.org"));
    assertThatThrownBy(() -> resolve("/dnsaddr/loop.org")).hasMessageContaining("nested");
  }

  @Test
  void recordsThatBranchWithoutEndAreBounded() throws IOException {
    String[] names = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) {
      String next = i == 2 ? "/ip4/1.2.3.4/tcp/" : "/dnsaddr/" + names[i + 1] + "/tcp/";
      texts.put(
          "_dnsaddr." + names[i],
          java.util.stream.IntStream.range(1, 100)
              .mapToObj(port -> "dnsaddr=" + next + port)
              .toList());
    }
    texts.replaceAll(
        (name, records) ->
            name.endsWith(".c")
                ? records
                : records.stream().map(record -> record.replaceFirst("/tcp/.*", "")).toList());
    assertThat(resolve("/dnsaddr/a")).hasSize(64);
  }

  private List<String> resolve(String address) throws IOException {
    var resolver = new AddressResolver(names, time, expected);
    return resolver.resolve(Multiaddr.parse(address)).stream().map(Multiaddr::toString).toList();
  }
}
