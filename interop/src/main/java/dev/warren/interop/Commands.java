package dev.warren.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.protocol.perf.Perf;
import dev.warren.libp2p.protocol.ping.Ping;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs the commands of {@code interop/peers/README.md} on a host. */
final class Commands {

  @FunctionalInterface
  private interface Work {
    void run(Transfers transfers) throws IOException;
  }

  private final Host host;
  private final KadCommands kad;
  private final AutoNatCommands autoNat;
  private final CircuitCommands circuits;
  private final Identification identification;
  private final Map<PeerId, List<Multiaddr>> found = new ConcurrentHashMap<>();

  Commands(Host host, KadCommands kad) {
    this.host = host;
    this.kad = kad;
    autoNat = new AutoNatCommands(host);
    circuits = new CircuitCommands(host);
    identification = new Identification(host);
    host.addListener(identification);
  }

  /** Runs one command and gives the fields of its answer. */
  JsonObject run(Command command) throws IOException {
    return switch (command.name()) {
      case "dial" -> dial(command.text("addr"));
      case "disconnect" -> {
        host.disconnect(command.peer());
        yield new JsonObject();
      }
      case "peers" -> peers();
      case "connection" -> describe(connection(command));
      case "relay-reserve" -> circuits.reserve(address(command));
      case "paths" -> circuits.paths(command.peer());
      case "found" -> {
        var answer = new JsonObject();
        answer.add("addrs", array(found.getOrDefault(command.peer(), List.of())));
        yield answer;
      }
      case "ping" -> ping(connection(command));
      case "identify" -> identify(connection(command));
      case "handle" -> {
        host.handle(command.protocol(), Protocols::echo);
        yield new JsonObject();
      }
      case "unhandle" -> {
        host.unhandle(command.protocol());
        yield new JsonObject();
      }
      case "knows" -> knows(command);
      case "echo" -> moved(command, transfers -> transfers.echo(command.number("bytes")));
      case "hash" -> moved(command, transfers -> transfers.hash(command.number("bytes")));
      case "streams" ->
          opened(
              command,
              transfers ->
                  transfers.streams((int) command.number("count"), command.number("bytes")));
      case "churn" ->
          opened(
              command,
              transfers ->
                  transfers.churn((int) command.number("count"), (int) command.number("parallel")));
      case "reset" -> {
        new Transfers(connection(command)).reset();
        yield new JsonObject();
      }
      case "slow" -> slow(command);
      case "perf" -> perf(command);
      case "autonat-serve" -> autoNat.serve();
      case "autonat-1" -> autoNat.askFirst(connection(command), address(command));
      case "autonat-2" -> autoNat.askSecond(connection(command), address(command));
      default -> kad.run(command);
    };
  }

  /** A peer was found on the local network. */
  void found(PeerId peer, List<Multiaddr> addresses) {
    found.put(peer, addresses);
  }

  private JsonObject dial(String address) throws IOException {
    Multiaddr target = Multiaddr.parse(address);
    // At exactly this address: those of earlier connections are not to be raced with.
    target
        .peer()
        .map(PeerId::parse)
        .filter(peer -> host.connections(peer).isEmpty())
        .ifPresent(host.peerstore()::forget);
    Connection connection = host.dial(target);
    var answer = new JsonObject();
    answer.addProperty("peer", connection.remotePeer().toString());
    return answer;
  }

  private static Multiaddr address(Command command) throws IOException {
    return Multiaddr.parse(command.text("addr"));
  }

  private JsonObject peers() {
    var answer = new JsonObject();
    answer.add(
        "peers",
        array(host.connections().stream().map(Connection::remotePeer).distinct().toList()));
    return answer;
  }

  private JsonObject describe(Connection connection) {
    var answer = new JsonObject();
    answer.addProperty("earlyMuxer", connection.earlyMuxer());
    answer.addProperty("ourKeyType", host.identity().type().name());
    answer.addProperty("theirKeyType", connection.remoteKey().type().name());
    return answer;
  }

  private JsonObject ping(Connection connection) throws IOException {
    try (var ping = new Ping(host, connection)) {
      var answer = new JsonObject();
      answer.addProperty("micros", TimeUnit.NANOSECONDS.toMicros(ping.measure().toNanos()));
      return answer;
    }
  }

  private JsonObject identify(Connection connection) throws IOException {
    Identification.Identified identified = identification.of(connection);
    var answer = new JsonObject();
    answer.addProperty("agent", identified.info().agent());
    answer.addProperty("protocolVersion", identified.info().protocolVersion());
    answer.add("protocols", array(identified.info().protocols()));
    answer.add("addrs", array(identified.addresses()));
    identified.observed().ifPresent(address -> answer.addProperty("observed", address.toString()));
    answer.addProperty("signedRecord", identified.signedRecord());
    return answer;
  }

  private JsonObject knows(Command command) throws IOException {
    String protocol = command.protocol();
    boolean knows =
        host.peerstore()
            .info(command.peer())
            .filter(info -> info.protocols().contains(protocol))
            .isPresent();
    var answer = new JsonObject();
    answer.addProperty("knows", knows);
    return answer;
  }

  private JsonObject slow(Command command) throws IOException {
    Transfers.Slow slow =
        new Transfers(connection(command))
            .slow(command.number("bytes"), command.number("pauseMillis"));
    var answer = new JsonObject();
    answer.addProperty("othersSeconds", seconds(slow.others()));
    answer.addProperty("slowSeconds", seconds(slow.slow()));
    answer.addProperty("othersFinishedFirst", slow.othersFinishedFirst());
    return answer;
  }

  private JsonObject perf(Command command) throws IOException {
    Perf.Result result =
        Perf.run(
            connection(command),
            host.time(),
            command.number("upload"),
            command.number("download"),
            _ -> {});
    var answer = new JsonObject();
    answer.addProperty("uploadSeconds", seconds(result.upload()));
    answer.addProperty("downloadSeconds", seconds(result.download()));
    return answer;
  }

  private JsonObject moved(Command command, Work work) throws IOException {
    JsonObject answer = timed(command, work);
    answer.addProperty("bytes", command.number("bytes"));
    return answer;
  }

  private JsonObject opened(Command command, Work work) throws IOException {
    JsonObject answer = timed(command, work);
    answer.addProperty("streams", command.number("count"));
    return answer;
  }

  private JsonObject timed(Command command, Work work) throws IOException {
    var transfers = new Transfers(connection(command));
    long start = host.time().nanoTime();
    work.run(transfers);
    var answer = new JsonObject();
    answer.addProperty("seconds", seconds(Duration.ofNanos(host.time().nanoTime() - start)));
    return answer;
  }

  /** Commands use what is connected; they never dial. */
  private Connection connection(Command command) throws IOException {
    List<Connection> connections = host.connections(command.peer());
    if (connections.isEmpty()) {
      throw new IOException("not connected to " + command.peer());
    }
    return connections.getFirst();
  }

  static JsonArray array(Collection<?> values) {
    var array = new JsonArray();
    values.forEach(value -> array.add(value.toString()));
    return array;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
