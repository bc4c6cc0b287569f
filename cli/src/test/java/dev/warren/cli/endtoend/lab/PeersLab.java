package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import dev.warren.interop.Implementation;
import dev.warren.interop.PeerException;
import dev.warren.interop.PeerProcess;
import dev.warren.interop.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What our stack and those of others do for each other in the laboratory. */
final class PeersLab {
  private static final int PORT = 4001;
  private static final String DCUTR = "/libp2p/dcutr";

  /** Of three attempts. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** More than all that the attempts to reach somebody come to. */
  private static final int TALK_BYTES = 256 << 10;

  private final Laboratory laboratory;
  private final AtomicInteger homes;

  PeersLab(Laboratory laboratory, AtomicInteger homes) {
    this.laboratory = laboratory;
    this.homes = homes;
  }

  PeersReport run() throws IOException {
    var report = new PeersReport();
    for (DialBack question : DialBack.all()) {
      DialBack.Result result = ask(question);
      System.out.println(result);
      report.add(result);
    }
    for (Punch punch : Punch.all()) {
      var result = new Punch.Result(punch, meet(punch));
      System.out.println(result);
      report.add(result);
    }
    return report;
  }

  private DialBack.Result ask(DialBack question) {
    Transport transport = question.transport();
    int number = homes.getAndIncrement();
    try (var home =
            new Home(laboratory.internet(), question.home(), number, false, "home" + number);
        PeerProcess server = serve(question.server());
        PeerProcess client = start(home.computer(), question.client(), home.inside(), transport)) {
      server.call("autonat-serve");
      return new DialBack.Result(
          question,
          ask(client, server, home, transport, "autonat-1"),
          ask(client, server, home, transport, "autonat-2"));
    } catch (PeerException e) {
      e.printStackTrace();
      return DialBack.Result.failed(question);
    }
  }

  /** About the address that a router maps the one to on which the client listens. */
  private String ask(
      PeerProcess client, PeerProcess server, Home home, Transport transport, String version)
      throws PeerException {
    client.call("autonat-serve"); // who asks anew is not held to the pause that go makes
    client.call("dial", "addr", address(server, transport));
    String asked = at(home.attachment().address(), transport);
    String answer =
        client.call(version, "peer", server.id(), "addr", asked).get("answer").getAsString();
    client.call("disconnect", "peer", server.id());
    return answer;
  }

  /** How long after the circuit the two had a direct connection; empty if they had none. */
  private Optional<Duration> meet(Punch punch) throws IOException {
    int number = homes.getAndAdd(2);
    Internet internet = laboratory.internet();
    try (var relay = serve(punch.relay(), "--relay", "on");
        var one = new Home(internet, HomeKind.PORT_RESTRICTED, number, false, "one" + number);
        var two = new Home(internet, HomeKind.PORT_RESTRICTED, number + 1, false, "two" + number);
        var dialer = punching(one, punch.dialer(), punch.transport());
        var reached = punching(two, punch.reached(), punch.transport());
        var traffic = new Traffic(internet)) {
      String at = address(relay, punch.transport());
      introduce(dialer, relay, at);
      introduce(reached, relay, at);
      reached.call("relay-reserve", "addr", at);
      dialer.call("dial", "addr", at + "/p2p-circuit/p2p/" + reached.id());
      long begin = System.nanoTime();
      awaitDirect(dialer, reached);
      awaitDirect(reached, dialer);
      var after = Duration.ofNanos(System.nanoTime() - begin);
      talk(dialer, reached);
      traffic.look();
      if (!haveTalked(one, two, traffic)) {
        throw new ChaosException("they say that they are connected directly, and are not");
      }
      return Optional.of(after);
    } catch (PeerException | ChaosException e) {
      e.printStackTrace();
      return Optional.empty();
    }
  }

  /** Returns when the peer knows as what others see it, which it then says. */
  private static void introduce(PeerProcess peer, PeerProcess other, String at)
      throws PeerException {
    peer.call("dial", "addr", at);
    peer.call("identify", "peer", other.id());
    if (peer.implementation() == Implementation.RUST) {
      return; // it tells of the protocol on circuits alone
    }
    other.until(
        PATIENCE,
        answer -> answer.get("knows").getAsBoolean(),
        "knows",
        "peer",
        peer.id(),
        "protocol",
        DCUTR);
  }

  /** Ours does, since another may still use the circuit. */
  private static void talk(PeerProcess one, PeerProcess other) throws PeerException {
    boolean first = one.implementation() == Implementation.WARREN;
    PeerProcess ours = first ? one : other;
    PeerProcess theirs = first ? other : one;
    ours.call("echo", "peer", theirs.id(), "bytes", TALK_BYTES);
  }

  private static void awaitDirect(PeerProcess peer, PeerProcess other) throws PeerException {
    peer.until(
        PATIENCE,
        answer ->
            answer.getAsJsonArray("addrs").asList().stream()
                .anyMatch(address -> !address.getAsString().contains("/p2p-circuit")),
        "paths",
        "peer",
        other.id());
  }

  private static boolean haveTalked(Home one, Home two, Traffic traffic) {
    return traffic.bytes(flow -> flow.goes(one.attachment()::has, two.attachment()::has))
        > TALK_BYTES;
  }

  private static PeerProcess punching(Home home, Implementation implementation, Transport transport)
      throws PeerException {
    return start(home.computer(), implementation, home.inside(), transport, "--dcutr", "on");
  }

  private PeerProcess serve(Implementation implementation, String... options) throws PeerException {
    Internet.Attachment place = laboratory.places().getFirst();
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(listen(place.address(), Transport.TCP));
    all.addAll(listen(place.address(), Transport.QUIC));
    return PeerProcess.start(
        place.namespace().prefix(), implementation, all.toArray(String[]::new));
  }

  private static PeerProcess start(
      NetworkNamespace place,
      Implementation implementation,
      String address,
      Transport transport,
      String... options)
      throws PeerException {
    return PeerProcess.start(
        place.prefix(),
        implementation,
        Stream.concat(listen(address, transport).stream(), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private static List<String> listen(String address, Transport transport) {
    return List.of("--listen", at(address, transport));
  }

  private String address(PeerProcess server, Transport transport) {
    return at(laboratory.places().getFirst().address(), transport) + "/p2p/" + server.id();
  }

  private static String at(String address, Transport transport) {
    return switch (transport) {
      case TCP -> "/ip4/%s/tcp/%d".formatted(address, PORT);
      case QUIC -> "/ip4/%s/udp/%d/quic-v1".formatted(address, PORT);
    };
  }
}
