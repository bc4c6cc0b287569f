package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressResolverTest {
  private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
  private static final String OTHER = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

  private final Map<String, List<String>> texts = new HashMap<>();
  private final Map<String, List<String>> ips = new HashMap<>();
  private final AddressResolver resolver =
      new AddressResolver(
          new NameResolver() {
            @Override
            public List<InetAddress> addresses(String name) throws IOException {
              if (!ips.containsKey(name)) {
                throw new UnknownHostException(name);
              }
              return ips.get(name).stream().map(InetAddress::ofLiteral).toList();
            }

            @Override
            public List<String> texts(String name) {
              return texts.getOrDefault(name, List.of());
            }
          });

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
    return resolver.resolve(Multiaddr.parse(address)).stream().map(Multiaddr::toString).toList();
  }
}
