package dev.warren.interop;

import static dev.warren.interop.Implementation.JS;
import static dev.warren.interop.Implementation.RUST;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.warren.libp2p.dht.record.IpnsRecord;
import dev.warren.libp2p.dht.record.PublicKeyValidator;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What nodes of a Kademlia DHT do for each other. Who listens is a server; who dials joins by way
 * of it, as does a third of the dialer's kind that is started for the case. What one of these two
 * makes known only the listener can tell the other, since clients ask and are not asked.
 */
final class DhtCases {
  private static final String PROTOCOL = KadCommands.NETWORK.protocol();
  private static final Duration NETWORK_TIMEOUT = Duration.ofSeconds(90);
  private static final String[] SERVER = {"--kad", "server"};
  private static final String[] CLIENT = {"--kad", "client"};

  private static final String ALL_ARE_SERVERS =
      "js-libp2p believes whoever asks it something to be a server";
  private static final String ONLY_PUBLIC_KEYS =
      "js-libp2p keeps no values but public keys, unless it is given a validator of others";
  private static final String NO_NETWORK = "the network is one of go-libp2p-kad-dht";

  private final int networkSize;

  private DhtCases(Sizes sizes) {
    networkSize = sizes.dhtNodes();
  }

  static List<InteropCase> all(Sizes sizes) {
    return new DhtCases(sizes).all();
  }

  /** What nodes ask each other does not depend on what carries it. */
  private List<InteropCase> all() {
    return Stream.of(
            InteropCase.of("dht-join", "DHT, one joins by way of the other", DhtCases::join)
                .withDialer(SERVER)
                .withListener(SERVER),
            ofClient("dht-mode", "DHT, a client stays out of tables", DhtCases::mode)
                .without(new Column(JS, Direction.WE_DIAL), ALL_ARE_SERVERS),
            ofClient("dht-find", "DHT, find a peer", DhtCases::find),
            ofClient("dht-provide", "DHT, provide and find providers", DhtCases::provide),
            ofClient("dht-pk", "DHT, put and get a public key", DhtCases::publicKey),
            ofClient("dht-ipns", "DHT, put and get IPNS records", DhtCases::ipns)
                .without(JS, ONLY_PUBLIC_KEYS),
            InteropCase.of("dht-network", "DHT, a network of " + networkSize, this::network)
                .without(RUST, NO_NETWORK)
                .without(JS, NO_NETWORK))
        .map(each -> each.over(Transport.TCP))
        .toList();
  }

  private static InteropCase ofClient(String name, String title, InteropCase.Body body) {
    return InteropCase.of(name, title, body).withDialer(CLIENT).withListener(SERVER);
  }

  private static void join(Meeting meeting) throws PeerException {
    joinByListener(meeting.dialer(), meeting);
    meeting.bothWays(DhtCases::awaitKnown);
  }

  private static void mode(Meeting meeting) throws PeerException {
    PeerProcess client = meeting.dialer();
    PeerProcess listener = meeting.listener();
    joinByListener(client, meeting);
    // The listener has heard all that there is to hear when it has the protocols.
    List<String> protocols =
        InteropCases.texts(listener.call("identify", "peer", client.id()), "protocols");
    InteropCases.check(!protocols.contains(PROTOCOL), client + " tells of " + PROTOCOL);
    InteropCases.check(
        tables(listener.call("kad-known", "peer", client.id())) == 0,
        listener + " took in a client");

    client.call("kad-mode", "mode", "server");
    InteropCases.awaitKnows(listener, client, PROTOCOL, true);
    awaitKnown(listener, client);

    client.call("kad-mode", "mode", "client");
    InteropCases.awaitKnows(listener, client, PROTOCOL, false);
    listener.until(answer -> tables(answer) == 0, "kad-known", "peer", client.id());
  }

  private static void find(Meeting meeting) throws PeerException {
    PeerProcess seeker = meeting.dialer();
    joinByListener(seeker, meeting);
    try (PeerProcess third = third(meeting, SERVER)) {
      awaitKnown(meeting.listener(), third);
      checkFinds(seeker, 0, third.address());
    }
  }

  private static void provide(Meeting meeting) throws PeerException {
    PeerProcess provider = meeting.dialer();
    joinByListener(provider, meeting);
    String key = newKey();
    provider.call("kad-provide", "key", key);
    try (PeerProcess third = third(meeting, CLIENT)) {
      awaitProvider(third, 0, key, provider.address());
    }
  }

  private static void publicKey(Meeting meeting) throws PeerException {
    // The key is not part of the id, or there would be nothing to store.
    PrivateKey owner = PrivateKey.generate(KeyType.RSA);
    joinByListener(meeting.dialer(), meeting);
    putAndGet(
        meeting,
        PublicKeyValidator.key(owner.peerId()),
        List.of(Value.of(owner.publicKey().toProtobuf())));
  }

  /** Of two the newer is found. */
  private static void ipns(Meeting meeting) throws PeerException {
    PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
    Value path = Value.of("/ipns/example.net".getBytes(StandardCharsets.UTF_8));
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    joinByListener(meeting.dialer(), meeting);
    putAndGet(
        meeting,
        IpnsRecord.key(owner.peerId()),
        List.of(
            new IpnsRecord(path, 1, tomorrow, 0).seal(owner),
            new IpnsRecord(path, 2, tomorrow, 0).seal(owner)));
  }

  private static void putAndGet(Meeting meeting, Target target, List<Value> values)
      throws PeerException {
    String key = base64(target.toBytes());
    for (Value value : values) {
      meeting.dialer().call("kad-put", "key", key, "value", base64(value.toBytes()));
    }
    try (PeerProcess third = third(meeting, CLIENT)) {
      String found = third.call("kad-get", "key", key).get("value").getAsString();
      InteropCases.check(
          found.equals(base64(values.getLast().toBytes())), third + " got another value: " + found);
    }
  }

  /** A network of theirs and one node of ours, of which the one joins by way of the other. */
  private void network(Meeting meeting) throws PeerException {
    try (PeerProcess ours = PeerProcess.start(meeting.ours().implementation(), SERVER);
        PeerProcess theirs = PeerProcess.start(meeting.theirs().implementation())) {
      JsonArray members;
      if (meeting.direction() == Direction.WE_DIAL) {
        members = startNetwork(theirs, "");
        ours.call("kad-join", "addr", members.get(0).getAsString());
      } else {
        members = startNetwork(theirs, ours.address());
      }
      awaitKnown(theirs, ours);

      String ourKey = newKey();
      ours.call("kad-provide", "key", ourKey);
      awaitProvider(theirs, networkSize, ourKey, ours.address());

      String theirKey = newKey();
      theirs.call("kad-provide", "key", theirKey, "member", networkSize);
      awaitProvider(ours, 0, theirKey, members.get(networkSize - 1).getAsString());

      checkFinds(ours, 0, members.get(networkSize / 2).getAsString());
      checkFinds(theirs, networkSize, ours.address());
    }
  }

  private JsonArray startNetwork(PeerProcess peer, String by) throws PeerException {
    return peer.call(NETWORK_TIMEOUT, "kad-network", "count", networkSize, "addr", by)
        .getAsJsonArray("addrs");
  }

  private static void joinByListener(PeerProcess peer, Meeting meeting) throws PeerException {
    peer.call("kad-join", "addr", meeting.listener().address());
  }

  /** Another peer like the dialer, which has joined too. */
  private static PeerProcess third(Meeting meeting, String[] options) throws PeerException {
    PeerProcess third = PeerProcess.start(meeting.dialer().implementation(), options);
    try {
      joinByListener(third, meeting);
      return third;
    } catch (PeerException e) {
      third.close();
      throw e;
    }
  }

  private static void awaitKnown(PeerProcess peer, PeerProcess other) throws PeerException {
    peer.until(answer -> tables(answer) > 0, "kad-known", "peer", other.id());
  }

  private static int tables(JsonObject answer) {
    return answer.get("tables").getAsInt();
  }

  private static void checkFinds(PeerProcess peer, int member, String address)
      throws PeerException {
    JsonObject answer = peer.call("kad-find", "peer", idIn(address), "member", member);
    List<String> addresses = InteropCases.texts(answer, "addrs");
    InteropCases.check(
        addresses.stream().anyMatch(address::startsWith),
        peer + " found " + address + " at " + addresses);
  }

  /** Whoever has stored a record may have done so a moment before others do. */
  private static void awaitProvider(PeerProcess peer, int member, String key, String address)
      throws PeerException {
    String provider = idIn(address);
    JsonObject providers =
        peer.until(
                answer -> answer.getAsJsonObject("providers").has(provider),
                "kad-providers",
                "key",
                key,
                "member",
                member)
            .getAsJsonObject("providers");
    List<String> addresses = InteropCases.texts(providers, provider);
    InteropCases.check(
        peer.implementation() == RUST || addresses.stream().anyMatch(address::startsWith),
        peer + " was told the addresses " + addresses);
  }

  private static String idIn(String address) {
    return address.substring(address.lastIndexOf('/') + 1);
  }

  private static String newKey() {
    byte[] content = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    return base64(Multihash.sha256(content).toBytes());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
