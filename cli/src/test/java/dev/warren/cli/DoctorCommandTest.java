package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.node.Connectivity;
import dev.warren.node.Connectivity.Connections;
import dev.warren.node.Connectivity.Place;
import dev.warren.node.Connectivity.Relay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DoctorCommandTest {
  @TempDir private Path home;
  private final FakeNode node = new FakeNode();
  private Terminal terminal;

  @BeforeEach
  void open() {
    terminal = new Terminal(home, node);
  }

  @Test
  void oneScreenSaysHowItIs() {
    assertThat(terminal.run("doctor", "--network", "off")).isZero();
    assertThat(terminal.out())
        .contains("Addresses", "192.168.1.7", "UDP", "IPv6", "Port mapping", "Relays", "Clock")
        .contains("in the local network only.");
    assertThat(terminal.out().lines().count()).isLessThan(24);
  }

  @Test
  void problemsComeWithWhatToDoAndAnExitCode() {
    node.connectivity =
        new Connectivity(
            node.addresses(),
            true,
            new Connections(0, 0, 0, 0),
            Reachability.UNKNOWN,
            Optional.empty(),
            List.of(),
            List.of(new Place("DHT ipfs", true, 0, "", Optional.of("no peer"))));
    assertThat(terminal.run("doctor", "--timeout", "0s")).isEqualTo(1);
    assertThat(terminal.out())
        .contains("! Networks     DHT ipfs: nobody answers")
        .contains("Networks: Check that the internet works here");
  }

  @Test
  void programsGetOneObjectForEachFindingAndOneForAll() {
    assertThat(terminal.run("doctor", "--network", "off", "--json")).isZero();
    List<JsonObject> objects = terminal.objects();
    assertThat(objects)
        .first()
        .satisfies(it -> assertThat(text(it, "topic")).isEqualTo("addresses"));
    JsonObject last = objects.getLast();
    assertThat(text(last, "event")).isEqualTo("doctor");
    assertThat(text(last, "outlook")).isEqualTo("local");
    assertThat(text(last, "udp_mapping")).isEqualTo("unknown");
    assertThat(last.get("problems").getAsInt()).isZero();
  }

  @Test
  void programsGetTheRoundTripOfEachRelay() {
    var address = Multiaddr.parse("/ip4/11.2.3.4/tcp/4001/p2p/" + FakeNode.OTHER + "/p2p-circuit");
    Connectivity plain = node.connectivity;
    node.connectivity =
        new Connectivity(
            plain.addresses(),
            plain.quic(),
            plain.connections(),
            plain.reachability(),
            plain.portMapping(),
            List.of(
                new Relay(
                    FakeNode.OTHER, address, Optional.of(Duration.ofMillis(23)), Terminal.NOW),
                new Relay(FakeNode.OTHER, address, Optional.empty(), Terminal.NOW)),
            plain.places());
    assertThat(terminal.run("doctor", "--network", "off", "--json")).isZero();
    List<JsonObject> relays =
        terminal.objects().stream().filter(it -> text(it, "event").equals("relay")).toList();
    assertThat(relays).hasSize(2);
    assertThat(relays.getFirst().get("round_trip_ms").getAsDouble()).isEqualTo(23);
    assertThat(text(relays.getFirst(), "address")).isEqualTo(address.toString());
    assertThat(relays.getLast().has("round_trip_ms")).as("silent").isFalse();
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }
}
