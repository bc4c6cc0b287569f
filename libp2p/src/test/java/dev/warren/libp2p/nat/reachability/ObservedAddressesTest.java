package dev.warren.libp2p.nat.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.ObservedAddresses.Local;
import dev.warren.libp2p.nat.reachability.ObservedAddresses.Observed;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ObservedAddressesTest {
  private static final InetAddress HOME = InetAddress.ofLiteral("192.168.1.2");
  private static final InetAddress WAN = InetAddress.ofLiteral("11.0.0.1");
  private static final InetAddress FALSE = InetAddress.ofLiteral("11.6.6.6");
  private static final Local QUIC = new Local(TransportKind.QUIC, HOME, 4001);

  private final ObservedAddresses observed = new ObservedAddresses();

  @Test
  void anAddressCountsByItsObservers() {
    for (int i = 0; i < 4; i++) {
      see(i, WAN, 5000);
      see(i, WAN, 5000);
    }

    assertThat(observed.addresses())
        .containsExactly(new Observed(Multiaddr.parse("/ip4/11.0.0.1/udp/5000/quic-v1"), 4));
  }

  @Test
  void ofWhatOneObserverSaysTheLastWordCounts() {
    see(1, WAN, 5000);
    see(1, WAN, 5001);

    assertThat(observed.addresses())
        .containsExactly(new Observed(Multiaddr.parse("/ip4/11.0.0.1/udp/5001/quic-v1"), 1));
  }

  @Test
  void fewWhoSeeUsElsewhereAreNotHeard() {
    for (int i = 0; i < 20; i++) {
      see(i, WAN, 5000);
    }
    for (int i = 20; i < 26; i++) {
      see(i, FALSE, 5000);
    }

    assertThat(observed.addresses()).hasSize(1);
    assertThat(observed.ip(Inet4Address.class)).contains(WAN);
  }

  @Test
  void whatWasSaidLongAgoIsForgotten() {
    see(1, WAN, 5000);
    observed.observe(observer(2), QUIC, new InetSocketAddress(WAN, 5001), true, minutes(6));

    observed.expire(_ -> true, minutes(10));

    assertThat(observed.addresses())
        .containsExactly(new Observed(Multiaddr.parse("/ip4/11.0.0.1/udp/5001/quic-v1"), 1));
  }

  @Test
  void whatIsListenedOnNoLongerIsForgotten() {
    see(1, WAN, 5000);

    observed.expire(local -> !local.equals(QUIC), 0);

    assertThat(observed.size()).isZero();
  }

  @Test
  void aPortThatIsNotListenedOnTellsTheIpAddressAlone() {
    var dialed = new Local(TransportKind.TCP, HOME, 0);
    for (int i = 0; i < 4; i++) {
      observed.observe(observer(i), dialed, new InetSocketAddress(WAN, 40_000 + i), true, 0);
    }

    assertThat(observed.addresses()).isEmpty();
    assertThat(observed.ip(Inet4Address.class)).contains(WAN);
    assertThat(observed.mapping(TransportKind.TCP, Set.of(HOME))).isEqualTo(NatMapping.UNKNOWN);
  }

  @Test
  void onePortForAllIsAnEndpointIndependentMapping() {
    see(1, WAN, 5000);
    assertThat(mapping()).isEqualTo(NatMapping.UNKNOWN);

    see(2, WAN, 5000);
    assertThat(mapping()).isEqualTo(NatMapping.ENDPOINT_INDEPENDENT);

    see(3, WAN, 6666); // who lies alone changes nothing
    assertThat(mapping()).isEqualTo(NatMapping.ENDPOINT_INDEPENDENT);
  }

  @Test
  void aPortForEachIsAnAddressDependentMapping() {
    see(1, WAN, 5001);
    see(2, WAN, 5002);
    assertThat(mapping()).isEqualTo(NatMapping.UNKNOWN);

    see(3, WAN, 5003);
    assertThat(mapping()).isEqualTo(NatMapping.ADDRESS_DEPENDENT);
  }

  @Test
  void whoIsSeenAtItsOwnAddressHasNoNat() {
    see(1, HOME, 4001);

    assertThat(mapping()).isEqualTo(NatMapping.NONE);
  }

  @Test
  void whatTheOtherEndHasDialedSaysNothingOfTheMapping() {
    for (int i = 0; i < 4; i++) {
      observed.observe(observer(i), QUIC, new InetSocketAddress(WAN, 5000 + i), false, 0);
    }

    assertThat(mapping()).isEqualTo(NatMapping.UNKNOWN);
  }

  @Property(tries = 200)
  void whateverIsSaidLittleIsKept(
      @ForAll @Size(max = 3_000) List<@IntRange(max = 1_000_000) Integer> said) {
    var flooded = new ObservedAddresses();
    Set<Local> locals = new HashSet<>();
    for (int each : said) {
      var local = new Local(TransportKind.TCP, HOME, 1 + each % 40);
      locals.add(local);
      flooded.observe(
          observer(each % 1_009), local, new InetSocketAddress(WAN, 1 + each % 60_000), true, 0);
    }

    assertThat(flooded.size())
        .isLessThanOrEqualTo(ObservedAddresses.MAX_LOCALS * ObservedAddresses.MAX_OBSERVERS);
    assertThat(flooded.addresses())
        .hasSizeLessThanOrEqualTo(ObservedAddresses.MAX_PER_LOCAL * locals.size());
  }

  @Property(tries = 200)
  void noAddressHasMoreObserversThanHaveSeenIt(
      @ForAll @Size(max = 200) List<@IntRange(max = 9_999) Integer> said) {
    var any = new ObservedAddresses();
    said.forEach(
        each ->
            any.observe(
                observer(each % 7), QUIC, new InetSocketAddress(WAN, 1 + each % 5), true, 0));

    long observers = said.stream().map(each -> each % 7).distinct().count();
    assertThat(any.addresses().stream().mapToInt(Observed::observers).sum())
        .isLessThanOrEqualTo((int) observers);
  }

  private void see(int observer, InetAddress ip, int port) {
    observed.observe(observer(observer), QUIC, new InetSocketAddress(ip, port), true, 0);
  }

  private NatMapping mapping() {
    return observed.mapping(TransportKind.QUIC, Set.of(HOME));
  }

  private static Observer observer(int number) {
    return new Observer(Integer.toString(number));
  }

  private static long minutes(int count) {
    return Duration.ofMinutes(count).toNanos();
  }
}
