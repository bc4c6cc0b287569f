package dev.warren.libp2p.nat.portmap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router on the loopback interface that is searched for, describes itself, and takes orders. */
@Timeout(60)
class UpnpTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final Duration HOUR = Duration.ofHours(1);

  private static final String DESCRIPTION =
      """
      <?xml version="1.0"?>
      <root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device><serviceList>
      <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
      <controlURL>/other</controlURL></service>
      <service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType>
      <controlURL>/ppp</controlURL></service>
      <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
      <controlURL>control</controlURL></service>
      </serviceList></device></deviceList></device></root>
      """;

  private static final String ADDRESS =
      answer(
          "<NewExternalIPAddress>11.1.2.3</NewExternalIPAddress>"
              + "<NewInternalClient>127.0.0.1</NewInternalClient>");

  private final LanHttp http = new LanHttp(TimeSource.system());
  private final List<String> orders = new CopyOnWriteArrayList<>();
  private final Deque<String> faults = new ConcurrentLinkedDeque<>();
  private volatile String description = DESCRIPTION;
  private HttpServer router;

  @BeforeEach
  void start() throws IOException {
    router = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    router.createContext("/igd/description.xml", exchange -> send(exchange, 200, description));
    router.createContext("/igd/control", this::order);
    router.start();
  }

  @AfterEach
  void stop() {
    router.stop(0);
  }

  @Test
  void aRouterIsFoundAndMaps() throws Exception {
    try (var device = device(location("127.0.0.1"))) {
      Gateway gateway = search(device).orElseThrow();
      PortMapping mapping = gateway.map(PortMapping.Kind.UDP, 4001, 4001, HOUR);

      assertThat(mapping)
          .isEqualTo(
              new PortMapping(
                  PortMapping.Kind.UDP,
                  4001,
                  new InetSocketAddress(InetAddress.ofLiteral("11.1.2.3"), 4001),
                  HOUR));
      gateway.unmap(mapping);
      assertThat(orders)
          .satisfiesExactly(
              order -> assertThat(order).contains("u:GetExternalIPAddress"),
              order ->
                  assertThat(order)
                      .contains("<u:AddPortMapping", "WANIPConnection:1")
                      .contains(
                          "<NewRemoteHost></NewRemoteHost><NewExternalPort>4001</NewExternalPort>"
                              + "<NewProtocol>UDP</NewProtocol>"
                              + "<NewInternalPort>4001</NewInternalPort>"
                              + "<NewInternalClient>127.0.0.1</NewInternalClient>"
                              + "<NewEnabled>1</NewEnabled>")
                      .contains("<NewLeaseDuration>3600</NewLeaseDuration>"),
              order ->
                  assertThat(order)
                      .contains("<u:DeletePortMapping", "<NewExternalPort>4001</NewExternalPort>"));
    }
  }

  @Test
  void aPortOfSomebodyElseIsLeftToThem() throws Exception {
    faults.add(fault(718, "ConflictInMappingEntry"));
    PortMapping mapping = gateway().map(PortMapping.Kind.TCP, 4001, 4001, HOUR);

    assertThat(mapping.externalPort()).isNotEqualTo(4001).isBetween(10_000, 60_000);
    assertThat(orders.getLast())
        .contains("<NewExternalPort>" + mapping.externalPort() + "<")
        .contains("<NewInternalPort>4001<");
  }

  @Test
  void aRouterThatMapsForEverOnlyIsAskedForThat() throws Exception {
    faults.add(fault(725, "OnlyPermanentLeasesSupported"));
    gateway().map(PortMapping.Kind.TCP, 4001, 4001, HOUR);

    assertThat(orders.getLast()).contains("<NewLeaseDuration>0</NewLeaseDuration>");
  }

  @Test
  void aRefusalIsSaid() {
    faults.add(fault(606, "Action not authorized"));
    assertThatThrownBy(() -> gateway().map(PortMapping.Kind.TCP, 4001, 4001, HOUR))
        .isInstanceOf(PortMappingRefusedException.class)
        .hasMessage("the router refuses: Action not authorized (606)");
  }

  @Test
  void aRouterThatRefusesEveryPortIsGivenUp() {
    for (int i = 0; i < 100; i++) {
      faults.add(fault(718, "ConflictInMappingEntry"));
    }
    assertThatThrownBy(() -> gateway().map(PortMapping.Kind.TCP, 4001, 4001, HOUR))
        .isInstanceOf(PortMappingRefusedException.class);
    assertThat(orders).hasSizeLessThan(10);
  }

  @Test
  void whatADeviceSaysOfAnotherIsLeftOut() {
    for (String location :
        List.of(
            "http://127.0.0.2:80/",
            "http://localhost:80/",
            "https://127.0.0.1:80/",
            "http://127.0.0.1@11.1.2.3/",
            "file:///etc/passwd",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:80/" + "x".repeat(600),
            "::")) {
      assertThat(SsdpMessages.readLocation(found(location), HERE)).as(location).isEmpty();
    }
    assertThat(SsdpMessages.readLocation(found("http://127.0.0.1:80/a"), HERE)).isPresent();
  }

  @Test
  void anOrderThatWouldGoElsewhereIsNotGiven() throws Exception {
    assertThat(find("<root><URLBase>http://11.1.2.3/</URLBase>" + service("c") + "</root>"))
        .isEmpty();
    assertThat(find("<root>" + service("http://11.1.2.3/c") + "</root>")).isEmpty();
    assertThat(find("<root>" + service("/c") + "</root>"))
        .map(UpnpService::control)
        .contains(URI.create("http://127.0.0.1:80/c"));
  }

  @Test
  void nothingOutsideOfADescriptionIsRead() {
    String outside =
        "<!DOCTYPE root [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><root>&x;</root>";
    assertThatThrownBy(() -> LanXml.parse(outside.getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("malformed");
  }

  @Test
  void aDescriptionWithoutEndIsNotRead() {
    description = "<root>" + "x".repeat(1 << 20) + "</root>";
    assertThatThrownBy(() -> http.get(location("127.0.0.1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void aDeviceThatIsNoRouterIsPassedBy() throws Exception {
    description = "<root><device/></root>";
    try (var device = device(location("127.0.0.1"))) {
      var quick = new UpnpSearch(device.address(), Duration.ofMillis(50), http);
      assertThat(quick.find(HERE)).isEmpty();
    }
  }

  @Test
  void aRouterThatWasRestartedKeepsNothing() throws Exception {
    Gateway gateway = gateway();
    List<PortMapping> mapped = List.of(gateway.map(PortMapping.Kind.TCP, 4001, 4001, HOUR));
    assertThat(gateway.keeps(mapped)).isTrue();
    assertThat(orders.getLast())
        .contains("<u:GetSpecificPortMappingEntry", "<NewExternalPort>4001</NewExternalPort>");
    faults.add(fault(714, "NoSuchEntryInArray"));
    assertThat(gateway.keeps(mapped)).isFalse();
  }

  private Gateway gateway() throws IOException {
    URI location = location("127.0.0.1");
    UpnpService service = UpnpService.find(http.get(location).root(), location, HERE).orElseThrow();
    return new UpnpGateway(http, service, HERE);
  }

  private Optional<Gateway> search(FakeRouter device) throws IOException {
    return new UpnpSearch(device.address(), Duration.ofSeconds(20), http).find(HERE);
  }

  private static Optional<UpnpService> find(String description) throws IOException {
    return UpnpService.find(
        LanXml.parse(description.getBytes(UTF_8)).getDocumentElement(),
        URI.create("http://127.0.0.1:80/d.xml"),
        HERE);
  }

  private static String service(String control) {
    return "<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType>"
        + "<controlURL>%s</controlURL></service>".formatted(control);
  }

  private URI location(String host) {
    return URI.create(
        "http://%s:%d/igd/description.xml".formatted(host, router.getAddress().getPort()));
  }

  private static FakeRouter device(URI location) throws IOException {
    return new FakeRouter(_ -> List.of(found(location.toString())));
  }

  private static byte[] found(String location) {
    return ("HTTP/1.1 200 OK\r\nST: x\r\nLocation: " + location + "\r\n\r\n").getBytes(UTF_8);
  }

  private void order(HttpExchange exchange) throws IOException {
    String order = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    orders.add(order);
    String fault = order.contains("GetExternalIPAddress") ? null : faults.poll();
    if (fault != null) {
      send(exchange, 500, fault);
    } else {
      send(exchange, 200, ADDRESS);
    }
  }

  private static String answer(String content) {
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
        + content
        + "</s:Body></s:Envelope>";
  }

  private static String fault(int code, String description) {
    return answer(
        "<s:Fault><detail><UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>%d"
                .formatted(code)
            + "</errorCode><errorDescription>%s</errorDescription></UPnPError></detail></s:Fault>"
                .formatted(description));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var output = exchange.getResponseBody()) {
      output.write(bytes);
    }
  }
}
