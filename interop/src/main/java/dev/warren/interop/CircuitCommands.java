package dev.warren.interop;

import com.google.gson.JsonObject;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.dcutr.Dcutr;
import dev.warren.libp2p.nat.reachability.ReachabilityTracker;
import dev.warren.libp2p.nat.reachability.TransportKind;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.nat.relay.RelayLimits;
import dev.warren.libp2p.nat.relay.RelayServer;
import dev.warren.libp2p.nat.relay.Reservation;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;

/** Runs the commands of {@code interop/peers/README.md} that are about relays. */
final class CircuitCommands {
  /** What a limited relay lets pass through each circuit. */
  static final CircuitLimit LIMITED = new CircuitLimit(Duration.ofSeconds(5), 128 * 1024);

  private static final int UNLIMITED = 1_000_000;

  private final Host host;
  private final RelayClient client;

  CircuitCommands(Host host) {
    this.host = host;
    client = RelayClient.attach(host);
  }

  /** Has a host be a relay that grants whatever it is asked for. */
  static void serve(Host host, CircuitLimit circuit) {
    var limits =
        new RelayLimits(
            UNLIMITED, UNLIMITED, Duration.ofHours(1), UNLIMITED, UNLIMITED, UNLIMITED, circuit);
    RelayServer.start(host, limits, _ -> true, InstantSource.system());
  }

  /** Has a host punch holes to those that it meets by a relay. */
  static void punch(Host host) {
    ReachabilityTracker seen = ReachabilityTracker.attach(host);
    Dcutr.attach(
        host,
        () ->
            Arrays.stream(TransportKind.values())
                .flatMap(kind -> seen.candidates(kind).stream())
                .toList(),
        IpRanges::isPublic);
  }

  /** Takes a place at a relay, and tells what the relay told. */
  JsonObject reserve(Multiaddr relay) throws IOException {
    Reservation place = client.reserve(host.dial(relay).remotePeer());
    var answer = new JsonObject();
    answer.add(
        "addrs",
        Commands.array(
            place.addresses().stream().map(it -> it.withPeer(host.peerId().toString())).toList()));
    answer.addProperty("limitSeconds", place.limit().duration().toSeconds());
    answer.addProperty("limitBytes", place.limit().bytes());
    answer.addProperty("voucher", place.voucher().isPresent());
    return answer;
  }

  /** At which addresses a peer is connected. */
  JsonObject paths(PeerId peer) {
    var answer = new JsonObject();
    answer.add(
        "addrs",
        Commands.array(host.connections(peer).stream().map(Connection::remoteAddress).toList()));
    return answer;
  }
}
