package dev.warren.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.warren.libp2p.discovery.MdnsDiscovery;
import dev.warren.libp2p.discovery.ServiceName;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.protocol.perf.Perf;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The peer on the stack of this repository: the same options, commands and protocols as the peers
 * in {@code interop/peers}, so that one driver can let any two of the four meet.
 */
public final class WarrenPeer {
  private static final int UNLIMITED = 1_000_000;

  /** Tests open thousands of streams and connections and must never meet a limit of ours. */
  private static final Limits NO_LIMITS =
      new Limits(
          UNLIMITED,
          UNLIMITED,
          UNLIMITED,
          Duration.ofSeconds(30),
          UNLIMITED,
          UNLIMITED,
          Limits.defaults().maxBufferedBytes(),
          UNLIMITED,
          UNLIMITED,
          Duration.ofDays(1));

  private final Commands commands;
  private final PrintStream out;

  private WarrenPeer(Commands commands, PrintStream out) {
    this.commands = commands;
    this.out = out;
  }

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    Host host;
    PeerOptions options;
    try {
      options = PeerOptions.parse(List.of(arguments));
      host = start(options);
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("warren-peer: " + e.getMessage());
      System.exit(1);
      return;
    }
    var peer = new WarrenPeer(commands(host, options), System.out);
    peer.print(ready(host, options));
    peer.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    // Whoever started us has gone or is done: nothing that still runs may keep us alive.
    Runtime.getRuntime().halt(0);
  }

  private static Host start(PeerOptions options) throws IOException {
    HostBuilder builder =
        Host.builder()
            .identity(PrivateKey.generate(options.keyType()))
            .listen(options.listen().toArray(String[]::new))
            .earlyMuxer(options.earlyMuxer())
            .agent(options.agent())
            .limits(NO_LIMITS)
            // As nodes do; dials of two that listen on loopback would meet halfway.
            .transport(new TcpTransport(options.dcutr()))
            .quic();
    Protocols.serve(builder);
    Host host = builder.start();
    Perf.serve(host);
    options.relay().ifPresent(circuit -> CircuitCommands.serve(host, circuit));
    if (options.dcutr()) {
      CircuitCommands.punch(host);
    }
    return host;
  }

  private static Commands commands(Host host, PeerOptions options) {
    var kad = new KadCommands(options.kad().map(mode -> KadCommands.start(host, mode)));
    var commands = new Commands(host, kad);
    if (options.mdns()) {
      MdnsDiscovery lan = MdnsDiscovery.open(host.peerId(), host::addresses, host.time());
      lan.find(ServiceName.LIBP2P, commands::found);
      lan.announce(ServiceName.LIBP2P);
    }
    return commands;
  }

  private static JsonObject ready(Host host, PeerOptions options) {
    var addresses = new JsonArray();
    host.addresses().forEach(address -> addresses.add(address.toString()));
    var line = new JsonObject();
    line.addProperty("event", "ready");
    line.addProperty("impl", Implementation.WARREN.label());
    line.addProperty("version", version());
    line.addProperty("id", host.peerId().toString());
    line.add("addrs", addresses);
    line.addProperty("earlyMuxer", options.earlyMuxer());
    return line;
  }

  /** The version of the libp2p module; classes that are in no archive yet have none. */
  private static String version() {
    return Optional.ofNullable(Host.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private void serve(BufferedReader in) throws IOException {
    String line;
    while ((line = in.readLine()) != null) {
      if (!line.isBlank()) {
        String command = line;
        Thread.ofVirtual().name("command").start(() -> answer(command));
      }
    }
  }

  private void answer(String line) {
    int number = 0;
    JsonObject answer;
    try {
      JsonObject command = JsonParser.parseString(line).getAsJsonObject();
      number = command.get("n").getAsInt();
      answer = commands.run(new Command(command));
      answer.addProperty("ok", true);
    } catch (IOException | JsonParseException | IllegalStateException e) {
      answer = failure(e);
    } catch (RuntimeException e) {
      e.printStackTrace();
      answer = failure(e);
    }
    answer.addProperty("n", number);
    print(answer);
  }

  private static JsonObject failure(Exception e) {
    var answer = new JsonObject();
    answer.addProperty("ok", false);
    answer.addProperty("error", e.getMessage() == null ? e.toString() : e.getMessage());
    return answer;
  }

  /** One call, and so one line that no other is mixed with. */
  private void print(JsonObject line) {
    out.println(line);
  }
}
