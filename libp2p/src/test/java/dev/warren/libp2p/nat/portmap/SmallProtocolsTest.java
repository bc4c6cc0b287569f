package dev.warren.libp2p.nat.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PCP and NAT-PMP, with a router on the loopback interface. */
@Timeout(60)
class SmallProtocolsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration PATIENT = Duration.ofSeconds(20);

  private static final InetSocketAddress EXTERNAL =
      new InetSocketAddress(InetAddress.ofLiteral("11.1.2.3"), 40001);

  private final ManualTime time = new ManualTime();

  @Test
  void aRouterIsAskedByNatPmp() throws Exception {
    try (var router = new FakeRouter(SmallProtocolsTest::natPmp);
        Gateway gateway = natPmpGateway(router)) {
      PortMapping mapping = gateway.map(PortMapping.Kind.TCP, 4001, 4001, HOUR);

      assertThat(mapping)
          .isEqualTo(new PortMapping(PortMapping.Kind.TCP, 4001, EXTERNAL, Duration.ofMinutes(30)));
      assertThat(gateway.localAddress()).isEqualTo(InetAddress.getLoopbackAddress());
      gateway.unmap(mapping);
      // RFC 6886 §3.3 and §3.4: port 4001, the wish or nothing, an hour or nothing.
      assertThat(router.questions())
          .extracting(HEX::formatHex)
          .containsExactly("0000", "000200000fa10fa100000e10", "000200000fa1000000000000");
    }
  }

  @Test
  void aRouterIsAskedByPcp() throws Exception {
    try (var router = new FakeRouter(question -> List.of(pcp(question, 0)));
        Gateway gateway = pcpGateway(router)) {
      PortMapping mapping = gateway.map(PortMapping.Kind.UDP, 4001, 4001, HOUR);

      assertThat(mapping)
          .isEqualTo(new PortMapping(PortMapping.Kind.UDP, 4001, EXTERNAL, Duration.ofMinutes(30)));
      gateway.unmap(mapping);
      List<byte[]> questions = router.questions();
      // RFC 6887 §7.1 and §11.1.
      assertThat(HEX.formatHex(questions.getFirst()))
          .matches(
              "0201000000000e10"
                  + "00000000000000000000ffff7f000001"
                  + "[0-9a-f]{24}"
                  + "11000000"
                  + "0fa10fa1"
                  + "00000000000000000000ffff00000000");
      assertThat(nonce(questions.get(1))).isEqualTo(nonce(questions.get(0)));
      assertThat(ByteBuffer.wrap(questions.get(1)).getInt(4)).isZero();
    }
  }

  @Test
  void whatTheRouterRefusesIsSaid() throws Exception {
    byte[] noRoom = HEX.parseHex("0081000400000001");
    try (var byPcp = new FakeRouter(question -> List.of(pcp(question, 2)));
        var byNatPmp =
            new FakeRouter(question -> question.length == 2 ? natPmp(question) : List.of(noRoom));
        Gateway pcp = pcpGateway(byPcp);
        Gateway natPmp = natPmpGateway(byNatPmp)) {
      assertThatThrownBy(() -> pcp.map(PortMapping.Kind.UDP, 1, 1, HOUR))
          .isInstanceOf(PortMappingRefusedException.class)
          .hasMessage("the router refuses: it maps no ports for this machine");
      assertThatThrownBy(() -> natPmp.map(PortMapping.Kind.UDP, 1, 1, HOUR))
          .isInstanceOf(PortMappingRefusedException.class)
          .hasMessage("the router refuses: it has no room for one more");
    }
  }

  @Test
  void aQuestionIsRepeatedUntilItIsAnswered() throws Exception {
    var times = new AtomicInteger();
    try (var router =
            new FakeRouter(question -> times.incrementAndGet() < 3 ? List.of() : natPmp(question));
        var socket = new RouterSocket(router.address(), 8, Duration.ofMillis(5))) {
      assertThat(new NatPmpGateway(socket, new RouterEpoch(time)).externalAddress())
          .isEqualTo(EXTERNAL.getAddress());
      assertThat(times).hasValueGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void aRouterThatIsSilentIsGivenUp() throws Exception {
    try (var router = new FakeRouter(_ -> List.of());
        var socket = new RouterSocket(router.address(), 2, Duration.ofMillis(5))) {
      assertThatThrownBy(() -> new NatPmpGateway(socket, new RouterEpoch(time)).externalAddress())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(router.questions()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void answersToOtherQuestionsAreLeftOut() throws Exception {
    try (var router =
            new FakeRouter(
                question -> {
                  byte[] otherNonce = pcp(question, 2);
                  otherNonce[24] ^= 1;
                  byte[] otherPort = pcp(question, 2);
                  otherPort[41] ^= 1;
                  byte[] isQuestion = question.clone();
                  byte[] cut = Arrays.copyOf(pcp(question, 2), 59);
                  return List.of(
                      new byte[0], cut, isQuestion, otherNonce, otherPort, pcp(question, 0));
                });
        Gateway gateway = pcpGateway(router)) {
      assertThat(gateway.map(PortMapping.Kind.UDP, 4001, 4001, HOUR).external())
          .isEqualTo(EXTERNAL);
    }
  }

  @Test
  void itIsFoundOutWhatARouterSpeaks() throws Exception {
    assertThat(spoken(SmallProtocolsTest::natPmp)).isEqualTo("NAT-PMP");
    // RFC 6887 §7.2 and appendix A: a server without NAT-PMP answers with its own version.
    byte[] unsupportedVersion = new byte[24];
    unsupportedVersion[0] = 2;
    unsupportedVersion[1] = (byte) 0x80;
    unsupportedVersion[3] = 1;
    assertThat(spoken(_ -> List.of(unsupportedVersion))).isEqualTo("PCP");
  }

  @Test
  void whatIsRefusedInOneWayIsAskedForInTheOther() throws Exception {
    var service =
        new UpnpService(
            "urn:schemas-upnp-org:service:WANIPConnection:1", URI.create("http://127.0.0.1/"));
    var upnp = new UpnpGateway(new LanHttp(time), service, InetAddress.getLoopbackAddress());
    var asked = new ArrayList<String>();
    try (var router = new FakeRouter(SmallProtocolsTest::natPmp)) {
      Optional<Gateway> found =
          asking(router)
              .find(
                  _ -> Optional.of(upnp),
                  gateway -> {
                    asked.add(gateway.name());
                    return gateway == upnp;
                  });
      assertThat(found).containsSame(upnp);
      assertThat(asked).containsExactly("NAT-PMP", "UPnP");
    }
  }

  @Test
  void aRouterThatWasRestartedHasForgotten() throws Exception {
    var seconds = new AtomicInteger(5_000);
    try (var byPcp = new FakeRouter(question -> List.of(stamped(question, 8, seconds.get())));
        var byNatPmp =
            new FakeRouter(
                question -> List.of(stamped(natPmp(question).getFirst(), 4, seconds.get())));
        Gateway pcp = pcpGateway(byPcp);
        Gateway natPmp = natPmpGateway(byNatPmp)) {
      for (Gateway gateway : List.of(pcp, natPmp)) {
        seconds.set(5_000);
        List<PortMapping> mapped = List.of(gateway.map(PortMapping.Kind.UDP, 4001, 4001, HOUR));
        time.advance(Duration.ofSeconds(100));
        seconds.addAndGet(96); // clocks differ
        assertThat(gateway.keeps(mapped)).as(gateway.name()).isTrue();
        time.advance(Duration.ofSeconds(30));
        seconds.set(12);
        assertThat(gateway.keeps(mapped)).as(gateway.name()).isFalse();
        assertThat(gateway.keeps(mapped)).as("it is said once").isTrue();
      }
    }
  }

  @Test
  void aRouterWithAnotherAddressHasForgotten() throws Exception {
    var elsewhere = new InetSocketAddress(InetAddress.ofLiteral("11.9.9.9"), 40001);
    try (var router = new FakeRouter(SmallProtocolsTest::natPmp);
        Gateway gateway = natPmpGateway(router)) {
      assertThat(gateway.keeps(List.of(new PortMapping(PortMapping.Kind.UDP, 1, elsewhere, HOUR))))
          .isFalse();
    }
  }

  private String spoken(Function<byte[], List<byte[]>> answers) throws IOException {
    try (var router = new FakeRouter(answers);
        Gateway gateway = asking(router).find().orElseThrow()) {
      return gateway.name();
    }
  }

  private GatewaySearch.Asking asking(FakeRouter router) {
    return new GatewaySearch.Asking(router.address(), new PcpNonces(), time);
  }

  private Gateway pcpGateway(FakeRouter router) throws IOException {
    return new PcpGateway(socket(router), new PcpNonces(), new RouterEpoch(time));
  }

  private Gateway natPmpGateway(FakeRouter router) throws IOException {
    return new NatPmpGateway(socket(router), new RouterEpoch(time));
  }

  private static RouterSocket socket(FakeRouter router) throws IOException {
    return new RouterSocket(router.address(), 1, PATIENT);
  }

  private static byte[] nonce(byte[] question) {
    return Arrays.copyOfRange(question, 24, 36);
  }

  /** RFC 6887 §7.2 and §11.1: what was asked, with what was given. */
  private static byte[] pcp(byte[] question, int result) {
    byte[] answer = question.clone();
    answer[1] |= (byte) 0x80;
    answer[3] = (byte) result;
    byte[] ip = EXTERNAL.getAddress().getAddress();
    ByteBuffer.wrap(answer)
        .putInt(4, 1800)
        .putInt(8, 77)
        .putShort(42, (short) EXTERNAL.getPort())
        .put(56, ip);
    return answer;
  }

  /** RFC 6887 §14.1 or §11.1: an answer of a router that has run for so long. */
  private static byte[] stamped(byte[] message, int at, int seconds) {
    byte[] answer =
        message[1] < 0 ? message : message.length == 24 ? message.clone() : pcp(message, 0);
    answer[1] |= (byte) 0x80;
    return ByteBuffer.wrap(answer).putInt(at, seconds).array();
  }

  /** RFC 6886 §3.2 and §3.3. */
  private static List<byte[]> natPmp(byte[] question) {
    if (question.length == 2) {
      return List.of(HEX.parseHex("008000000000004d" + "0b010203"));
    }
    String operation = HEX.toHexDigits((byte) (question[1] | 0x80));
    return List.of(
        HEX.parseHex("00" + operation + "0000" + "0000004d" + "0fa1" + "9c41" + "00000708"));
  }
}
