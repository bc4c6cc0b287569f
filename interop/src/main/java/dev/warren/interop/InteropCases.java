package dev.warren.interop;

import static dev.warren.interop.Implementation.GO;
import static dev.warren.interop.Implementation.JS;
import static dev.warren.interop.Implementation.RUST;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.protocol.identify.Identify;
import dev.warren.libp2p.protocol.perf.Perf;
import dev.warren.libp2p.protocol.ping.Ping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Everything that is tried with each peer. */
final class InteropCases {
  private static final Duration BULK_TIMEOUT = Duration.ofSeconds(90);
  private static final String PUSHED = "/warren-interop/pushed/1.0.0";
  private static final String EVERY_ADDRESS = "/ip4/0.0.0.0/tcp/0";
  private static final long SMALL_BYTES = 1 << 20;

  private static final List<String> SERVED =
      List.of(
          Ping.PROTOCOL,
          Identify.PROTOCOL,
          Identify.PUSH_PROTOCOL,
          Perf.PROTOCOL,
          Protocols.ECHO,
          Protocols.HASH,
          Protocols.RESET,
          Protocols.SLOW);

  /** go-libp2p takes 256 at a time over QUIC, some of which identify may be using. */
  private static final int STREAMS_OF_GO = 250;

  private static final String NO_EARLY_MUXER =
      "rust-libp2p offers no muxers in its Noise handshake";
  private static final String NO_RESET =
      "rust-libp2p and js-libp2p show a reset over QUIC as the end of data";
  private static final String NO_HOLDING_BACK =
      "js-libp2p holds back no sender over QUIC, and resets a stream of which much is unread";
  private static final String NO_ECDSA = "js-libp2p knows no peer ids of ECDSA keys";

  private final Sizes sizes;

  private InteropCases(Sizes sizes) {
    this.sizes = sizes;
  }

  /** All cases, in the order of the table: what others build on comes first. */
  static List<InteropCase> all(Sizes sizes) {
    return new InteropCases(sizes).all();
  }

  private List<InteropCase> all() {
    var cases = new ArrayList<InteropCase>();
    cases.add(InteropCase.of("connect", "connect", this::connect).over(Transport.QUIC));
    cases.add(
        InteropCase.of("connect-token", "connect with another's token", this::connectWithToken)
            .over(Transport.QUIC));
    cases.add(
        InteropCase.of("connect-early", "connect, early muxer", this::connectEarly)
            .over(Transport.TCP)
            .without(RUST, NO_EARLY_MUXER));
    cases.add(
        InteropCase.of("connect-late", "connect, muxer by multistream-select", this::connectLate)
            .over(Transport.TCP)
            .withUs("--early-muxer", "off")
            .withThem("--early-muxer", "off"));
    cases.add(
        InteropCase.of(
                "connect-ours-early", "connect, only we offer early muxers", this::connectLate)
            .over(Transport.TCP)
            .withThem("--early-muxer", "off"));
    cases.add(
        InteropCase.of(
                "connect-theirs-early", "connect, only they offer early muxers", this::connectLate)
            .over(Transport.TCP)
            .withUs("--early-muxer", "off")
            .without(RUST, NO_EARLY_MUXER));
    cases.add(InteropCase.of("wrong-id", "wrong peer id refused", this::wrongId));
    cases.add(InteropCase.of("both-dial", "both dial at once", this::bothDial));
    cases.add(InteropCase.of("identify", "identify", this::identify));
    cases.add(InteropCase.of("push", "identify push", this::push));
    cases.add(InteropCase.of("ping", "ping", this::ping));
    cases.add(
        InteropCase.of("mdns", "mDNS, each finds the other", this::mdns)
            .over(Transport.TCP)
            .withUs("--mdns", "on", "--listen", EVERY_ADDRESS)
            .withThem("--mdns", "on", "--listen", EVERY_ADDRESS));
    cases.add(InteropCase.of("half-close", "half-close", this::halfClose));
    InteropCase reset = InteropCase.of("reset", "reset", this::reset);
    cases.add(reset.over(Transport.TCP));
    cases.add(reset.over(Transport.QUIC).without(RUST, NO_RESET).without(JS, NO_RESET));
    InteropCase echo = InteropCase.of("echo", "echo, " + mebibytes(sizes.echoBytes()), this::echo);
    cases.add(echo.over(Transport.TCP));
    cases.add(echo.over(Transport.QUIC).without(JS, NO_HOLDING_BACK));
    cases.add(InteropCase.of("streams", sizes.streams() + " concurrent streams", this::streams));
    cases.add(
        InteropCase.of("churn", sizes.churnStreams() + " streams, 32 at a time", this::churn));
    InteropCase slow =
        InteropCase.of(
            "slow",
            "%s unread for %d s, other streams go on"
                .formatted(mebibytes(sizes.slowBytes()), sizes.slowPauseMillis() / 1000),
            this::slow);
    cases.add(slow.over(Transport.TCP));
    cases.add(slow.over(Transport.QUIC).without(JS, NO_HOLDING_BACK));
    cases.add(
        InteropCase.of(
            "perf", "perf, %s up and down".formatted(mebibytes(sizes.perfBytes())), this::perf));
    for (KeyType type : List.of(KeyType.SECP256K1, KeyType.ECDSA, KeyType.RSA)) {
      String name = type.name().toLowerCase(Locale.ROOT);
      cases.add(
          exemptKeys(
                  type,
                  InteropCase.of(
                      "our-" + name,
                      "our key is " + name,
                      meeting -> keys(meeting, "ourKeyType", type)))
              .withUs("--key-type", name));
      cases.add(
          exemptKeys(
                  type,
                  InteropCase.of(
                      "their-" + name,
                      "their key is " + name,
                      meeting -> keys(meeting, "theirKeyType", type)))
              .withThem("--key-type", name));
    }
    AutoNatCases.all().forEach(each -> cases.add(each.over(Transport.TCP)));
    cases.addAll(RelayCases.all());
    cases.addAll(DhtCases.all(sizes));
    return List.copyOf(cases);
  }

  private static InteropCase exemptKeys(KeyType type, InteropCase some) {
    return type == KeyType.ECDSA ? some.without(JS, NO_ECDSA) : some;
  }

  private void connectEarly(Meeting meeting) throws PeerException {
    connect(meeting, () -> checkEarlyMuxer(meeting, true));
  }

  private void connectLate(Meeting meeting) throws PeerException {
    connect(meeting, () -> checkEarlyMuxer(meeting, false));
  }

  private static void checkEarlyMuxer(Meeting meeting, boolean early) throws PeerException {
    check(
        meeting.connection().get("earlyMuxer").getAsBoolean() == early,
        "the multiplexer was agreed on " + (early ? "late" : "early"));
  }

  private void connect(Meeting meeting) throws PeerException {
    connect(meeting, () -> {});
  }

  @FunctionalInterface
  private interface Check {
    void run() throws PeerException;
  }

  /** Each side also ends the connection once, which the other must notice. */
  private void connect(Meeting meeting, Check check) throws PeerException {
    meeting.bothWays(
        (ending, other) -> {
          meeting.part();
          ping(meeting);
          check.run();
          meeting.bothWays((from, to) -> from.call("echo", "peer", to.id(), "bytes", SMALL_BYTES));
          meeting.end(ending, other);
        });
  }

  /** Whoever keeps tokens of QUIC servers (RFC 9000 §8.1.3) sends them to others too. */
  private void connectWithToken(Meeting meeting) throws PeerException {
    meeting.part();
    PeerProcess dialer = meeting.dialer();
    try (PeerProcess another =
        PeerProcess.start(dialer.implementation(), "--listen", Transport.QUIC.anyPort())) {
      dialer.call("dial", "addr", another.address());
      dialer.call("echo", "peer", another.id(), "bytes", SMALL_BYTES);
      dialer.call("disconnect", "peer", another.id());
    }
    ping(meeting);
  }

  private void wrongId(Meeting meeting) throws PeerException {
    PeerProcess dialer = meeting.dialer();
    PeerProcess listener = meeting.listener();
    meeting.part();
    String nobody = PrivateKey.generate(KeyType.ED25519).peerId().toString();
    String address = listener.address().replace(listener.id(), nobody);
    try {
      dialer.call("dial", "addr", address);
    } catch (CommandFailedException e) {
      // Not for any other reason: whoever refuses says whom it found.
      check(e.getMessage().contains(listener.id()), e.getMessage());
      JsonArray peers = dialer.call("peers").getAsJsonArray("peers");
      check(
          !peers.contains(new JsonPrimitive(nobody)), dialer + " counts the wrong peer as its own");
      meeting.part(); // the listener may have taken the dial for good
      try {
        ping(meeting);
      } catch (CommandFailedException _) {
        ping(meeting); // over the new one: it had not heard of the other's end before
      }
      return;
    }
    throw new PeerException(dialer + " took " + listener.id() + " for " + nobody);
  }

  private void bothDial(Meeting meeting) throws PeerException {
    PeerProcess dialer = meeting.dialer();
    PeerProcess listener = meeting.listener();
    meeting.part();
    CompletableFuture<JsonObject> one = dialer.send("dial", "addr", listener.address());
    CompletableFuture<JsonObject> other = listener.send("dial", "addr", dialer.address());
    dialer.await(one, BULK_TIMEOUT, "dial");
    listener.await(other, BULK_TIMEOUT, "dial");
    meeting.connect();
    meeting.bothWays((from, to) -> from.call("hash", "peer", to.id(), "bytes", SMALL_BYTES));
    ping(meeting);
    meeting.part(); // who dialed the connection that is left is open
  }

  private void identify(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays(
        (from, to) -> {
          JsonObject answer = from.call("identify", "peer", to.id());
          String agent = answer.get("agent").getAsString();
          check(
              agent.equals(MeetingRoom.agent(to.implementation())),
              from + " was told the agent " + agent);
          List<String> protocols = texts(answer, "protocols");
          check(protocols.containsAll(SERVED), from + " was told the protocols " + protocols);
          List<String> addresses = texts(answer, "addrs");
          check(
              addresses.stream().anyMatch(to.address()::startsWith),
              from + " was told the addresses " + addresses);
          String observed = answer.has("observed") ? answer.get("observed").getAsString() : "none";
          check(
              (from == meeting.listener() || meeting.dialsFromWhereItListens())
                  ? from.address().startsWith(observed)
                  : observed.startsWith("/ip4/127.0.0.1/"),
              from + " was told the observed address " + observed);
          // rust-peer sends none, and rust-libp2p reads only its own form.
          check(
              answer.get("signedRecord").getAsBoolean()
                  || to.implementation() == RUST
                  || from.implementation() == RUST,
              from + " was told no signed record by " + to);
        });
  }

  private void push(Meeting meeting) throws PeerException {
    meeting.connect();
    // A push goes only to peers that are known to take it.
    meeting.bothWays((from, to) -> from.call("identify", "peer", to.id()));
    meeting.bothWays(
        (from, to) -> {
          from.call("handle", "protocol", PUSHED);
          awaitKnows(to, from, PUSHED, true);
          from.call("unhandle", "protocol", PUSHED);
          awaitKnows(to, from, PUSHED, false);
        });
  }

  static void awaitKnows(PeerProcess peer, PeerProcess other, String protocol, boolean knows)
      throws PeerException {
    peer.until(
        answer -> answer.get("knows").getAsBoolean() == knows,
        "knows",
        "peer",
        other.id(),
        "protocol",
        protocol);
  }

  private void ping(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays((from, to) -> from.call("ping", "peer", to.id()));
  }

  /** Each is then dialed where the other found it. */
  private void mdns(Meeting meeting) throws PeerException {
    meeting.bothWays(InteropCases::awaitFound);
    PeerProcess dialer = meeting.dialer();
    PeerProcess listener = meeting.listener();
    for (String address : awaitFound(dialer, listener)) {
      meeting.part();
      dialer.call("dial", "addr", address + "/p2p/" + listener.id());
    }
    ping(meeting);
  }

  private static List<String> awaitFound(PeerProcess peer, PeerProcess other) throws PeerException {
    return texts(
        peer.until(
            answer -> !answer.getAsJsonArray("addrs").isEmpty(), "found", "peer", other.id()),
        "addrs");
  }

  private void halfClose(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays(
        (from, to) -> {
          from.call("hash", "peer", to.id(), "bytes", 0);
          from.call("hash", "peer", to.id(), "bytes", 1);
          from.call(BULK_TIMEOUT, "hash", "peer", to.id(), "bytes", sizes.hashBytes());
        });
  }

  /** The connection must be none the worse for it. */
  private void reset(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays((from, to) -> from.call("reset", "peer", to.id()));
    ping(meeting);
  }

  private void echo(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays(
        (from, to) -> from.call(BULK_TIMEOUT, "echo", "peer", to.id(), "bytes", sizes.echoBytes()));
  }

  private void streams(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays(
        (from, to) -> {
          boolean few = meeting.transport() == Transport.QUIC && to.implementation() == GO;
          int count = few ? Math.min(sizes.streams(), STREAMS_OF_GO) : sizes.streams();
          from.call(BULK_TIMEOUT, "streams", "peer", to.id(), "count", count, "bytes", 4096);
        });
  }

  private void churn(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays(
        (from, to) ->
            from.call(
                BULK_TIMEOUT,
                "churn",
                "peer",
                to.id(),
                "count",
                sizes.churnStreams(),
                "parallel",
                32));
  }

  /** Both ends at once, on the same connection. */
  private void slow(Meeting meeting) throws PeerException {
    meeting.connect();
    PeerProcess dialer = meeting.dialer();
    PeerProcess listener = meeting.listener();
    CompletableFuture<JsonObject> one = sendSlow(dialer, listener);
    CompletableFuture<JsonObject> other = sendSlow(listener, dialer);
    checkSlow(dialer, dialer.await(one, BULK_TIMEOUT, "slow"));
    checkSlow(listener, listener.await(other, BULK_TIMEOUT, "slow"));
  }

  private CompletableFuture<JsonObject> sendSlow(PeerProcess from, PeerProcess to) {
    return from.send(
        "slow",
        "peer",
        to.id(),
        "bytes",
        sizes.slowBytes(),
        "pauseMillis",
        sizes.slowPauseMillis());
  }

  private void checkSlow(PeerProcess from, JsonObject answer) throws PeerException {
    check(
        answer.get("othersFinishedFirst").getAsBoolean(),
        "the other streams of " + from + " had to wait: " + answer);
    check(
        answer.get("slowSeconds").getAsDouble() * 1000 >= sizes.slowPauseMillis(),
        "the slow stream of " + from + " was not slow: " + answer);
  }

  private void perf(Meeting meeting) throws PeerException {
    meeting.connect();
    meeting.bothWays(
        (from, to) ->
            from.call(
                BULK_TIMEOUT,
                "perf",
                "peer",
                to.id(),
                "upload",
                sizes.perfBytes(),
                "download",
                sizes.perfBytes()));
  }

  private void keys(Meeting meeting, String whose, KeyType type) throws PeerException {
    identify(meeting);
    String used = meeting.connection().get(whose).getAsString();
    check(used.equals(type.name()), "the key is " + used);
    meeting.bothWays((from, to) -> from.call("hash", "peer", to.id(), "bytes", SMALL_BYTES));
  }

  private static String mebibytes(long bytes) {
    return bytes / (1 << 20) + " MiB";
  }

  static List<String> texts(JsonObject answer, String field) {
    return answer.getAsJsonArray(field).asList().stream().map(e -> e.getAsString()).toList();
  }

  static void check(boolean holds, String otherwise) throws PeerException {
    if (!holds) {
      throw new PeerException(otherwise);
    }
  }
}
