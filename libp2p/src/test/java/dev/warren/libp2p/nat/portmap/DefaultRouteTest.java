package dev.warren.libp2p.nat.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultRouteTest {
  @Test
  void theRouterIsWhereTheDefaultRouteLeads() {
    assertThat(
            DefaultRoute.ofLinux(
                List.of(
                    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU",
                    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
                    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
                    "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0",
                    "short",
                    "odd\t00000000\tXXXXXXXX\t0\t0\t0\t0\t0")))
        .containsExactly(InetAddress.ofLiteral("192.168.1.1"));
  }
}
