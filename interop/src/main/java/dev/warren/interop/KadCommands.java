package dev.warren.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.DhtNetwork;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.Reach;
import dev.warren.libp2p.dht.record.Validators;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs the commands of {@code interop/peers/README.md} that are about the Kademlia DHT. */
final class KadCommands {
  /** The public network's name, which the others speak by default, at addresses of this machine. */
  static final DhtNetwork NETWORK = new DhtNetwork(DhtNetwork.IPFS.protocol(), Reach.ANY);

  private static final int MAX_PROVIDERS = 20;

  private final Optional<Dht> own;
  private final List<Dht> members = new CopyOnWriteArrayList<>();

  KadCommands(Optional<Dht> own) {
    this.own = own;
  }

  static Dht start(Host host, Mode mode) {
    return Dht.on(host)
        .network(NETWORK)
        .mode(mode)
        .validators(Validators.ipfs(InstantSource.system()))
        .start();
  }

  JsonObject run(Command command) throws IOException {
    var answer = new JsonObject();
    switch (command.name()) {
      case "kad-network" -> answer.add("addrs", startNetwork(command));
      case "kad-known" -> answer.addProperty("tables", tablesWith(command));
      case "kad-join" -> node(command).bootstrap(List.of(Multiaddr.parse(command.text("addr"))));
      case "kad-mode" ->
          node(command).setMode(Mode.valueOf(command.text("mode").toUpperCase(Locale.ROOT)));
      case "kad-find" -> {
        Contact found =
            node(command)
                .findPeer(command.peer())
                .orElseThrow(() -> new IOException("the peer was not found"));
        answer.add("addrs", Commands.array(found.addresses()));
      }
      case "kad-provide" -> node(command).provide(target(command));
      case "kad-providers" -> answer.add("providers", providers(command));
      case "kad-put" -> node(command).putValue(target(command), Value.of(bytes(command, "value")));
      case "kad-get" -> {
        Value value =
            node(command)
                .getValue(target(command))
                .orElseThrow(() -> new IOException("there is no such record"));
        answer.addProperty("value", Base64.getEncoder().encodeToString(value.toBytes()));
      }
      default -> throw new IOException("unknown command " + command.name());
    }
    return answer;
  }

  private JsonObject providers(Command command) throws IOException {
    var providers = new JsonObject();
    for (Contact each : node(command).findProviders(target(command), MAX_PROVIDERS, _ -> {})) {
      providers.add(each.peer().toString(), Commands.array(each.addresses()));
    }
    return providers;
  }

  private long tablesWith(Command command) throws IOException {
    var peer = command.peer();
    var nodes = new ArrayList<>(members);
    own.ifPresent(nodes::add);
    return nodes.stream()
        .filter(node -> node.snapshot().stream().anyMatch(it -> it.peer().equals(peer)))
        .count();
  }

  /** Each joins by way of the one before; the first by way of the address, if there is one. */
  private JsonArray startNetwork(Command command) throws IOException {
    var addresses = new JsonArray();
    Optional<Multiaddr> before = command.optional("addr").map(Multiaddr::parse);
    for (long i = command.number("count"); i > 0; i--) {
      Host host = Host.builder().listen(Transport.TCP.anyPort()).start();
      Dht member = start(host, Mode.SERVER);
      if (before.isPresent()) {
        member.bootstrap(List.of(before.get()));
      }
      members.add(member);
      Multiaddr address = host.addressesWithPeer().getFirst();
      addresses.add(address.toString());
      before = Optional.of(address);
    }
    return addresses;
  }

  private Dht node(Command command) throws IOException {
    int member = command.optional("member").map(Integer::parseInt).orElse(0);
    if (member > 0 && member <= members.size()) {
      return members.get(member - 1);
    }
    return own.filter(_ -> member == 0)
        .orElseThrow(() -> new IOException("there is no member " + member + " of the DHT here"));
  }

  private static Target target(Command command) throws IOException {
    return Target.of(bytes(command, "key"));
  }

  private static byte[] bytes(Command command, String field) throws IOException {
    return Base64.getDecoder().decode(command.text(field));
  }
}
