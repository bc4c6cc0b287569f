package dev.warren.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.relay.AccessList.Entries;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessListTest {
  private static final PeerId KIM =
      PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
  private static final PeerId OTHER =
      PeerId.parse("QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN");

  @Test
  void whoIsBlockedByNameOrAddressIsNotServed() {
    var list = new AccessList(Entries.NONE, Entries.parse(List.of(KIM.toString(), "192.0.2.0/24")));

    assertThat(list.admits(KIM, ip("198.51.100.1"))).isFalse();
    assertThat(list.admits(OTHER, ip("192.0.2.9"))).isFalse();
    assertThat(list.admits(OTHER, ip("198.51.100.1"))).isTrue();
    assertThat(list.admits(OTHER, Optional.empty())).isTrue();
  }

  @Test
  void whereSomebodyIsAllowedNobodyElseIs() {
    var list =
        new AccessList(Entries.parse(List.of(KIM.toString(), "2001:db8::/32")), Entries.NONE);

    assertThat(list.admits(KIM, Optional.empty())).isTrue();
    assertThat(list.admits(OTHER, ip("2001:db8:1::1"))).isTrue();
    assertThat(list.admits(OTHER, ip("192.0.2.9"))).isFalse();
  }

  @Test
  void whoIsBoth_BlockedAndAllowed_IsBlocked() {
    Entries kim = Entries.parse(List.of(KIM.toString()));

    assertThat(new AccessList(kim, kim).admits(KIM, Optional.empty())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.77/24, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 203.0.113.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::/0, 2001:db8::1, true"
  })
  void aRangeIsThoseThatBeginAlike(String range, String address, boolean inside) {
    assertThat(IpRange.parse(range).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }

  private static Optional<InetAddress> ip(String address) {
    return Optional.of(InetAddress.ofLiteral(address));
  }
}
