package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionPathTest {
  @Test
  void peopleAreToldHowFarAPeerIs() {
    assertThat(path("/ip4/127.0.0.1/tcp/1")).isEqualTo("direct, this computer");
    assertThat(path("/ip6/::1/tcp/1")).isEqualTo("direct, this computer");
    assertThat(path("/ip4/192.168.1.2/tcp/1")).isEqualTo("direct, LAN");
    assertThat(path("/ip6/fd00::1/tcp/1")).isEqualTo("direct, LAN");
    assertThat(path("/ip6/fe80::1/tcp/1")).isEqualTo("direct, LAN");
    assertThat(path("/ip4/203.0.113.1/tcp/1")).isEqualTo("direct, IPv4");
    assertThat(path("/ip6/2001:db8::1/tcp/1")).isEqualTo("direct, IPv6");
    assertThat(
            path(
                "/ip4/203.0.113.1/tcp/1/p2p/12D3KooWDwTirQce1RRKnasT5fPVFgzXCy6SiRgSwrwPGLC7zE91"
                    + "/p2p-circuit"))
        .isEqualTo("relayed");
  }

  @Test
  void addressesThatLeadNowhereElseAreToldLast() {
    Multiaddr loopback = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
    Multiaddr link = Multiaddr.parse("/ip6/fe80::1/tcp/1");
    Multiaddr lan = Multiaddr.parse("/ip4/192.168.1.2/tcp/1");
    assertThat(UsefulAddresses.of(List.of(loopback, link, lan))).containsExactly(lan, loopback);
  }

  private static String path(String address) {
    return ConnectionPath.describe(Multiaddr.parse(address));
  }
}
