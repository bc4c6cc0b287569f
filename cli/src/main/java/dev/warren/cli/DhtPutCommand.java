package dev.warren.cli;

import dev.warren.libp2p.dht.Dht;
import dev.warren.libp2p.dht.Stored;
import dev.warren.libp2p.dht.record.InvalidRecordException;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multibase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a value with peers. */
@Command(
    name = "put",
    description = {
      "Store a small value of this node with peers, in place of the last one.",
      "",
      "It is signed with the key of the data directory, so nobody else can change it, and anybody"
          + " can read it. Peers keep it for two days; store it again before that if it is to stay."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht put motto 'see you at eight'",
      "  warren dht put --expires 2h motto 'in a minute'",
      "  warren dht get 12D3KooW.../motto",
      "",
      "With --json, the line is {\"event\":\"put\",\"key\":…,\"peers\":…,\"asked\":…,",
      "\"seconds\":…}.",
      "",
      "Exit codes: 0 stored, 1 nobody keeps it, 2 no value of this key, 3 the network is",
      "not reached in time, 130 stopped by Ctrl-C."
    })
final class DhtPutCommand implements Callable<Integer> {
  /** Peers take 10 KiB, some of which are the signature's. */
  private static final int MAX_VALUE_BYTES = 8 << 10;

  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "2d",
      description = "From when on it is not valid any more, as in 2h. Default: ${DEFAULT-VALUE}.")
  private Duration expires = Duration.ZERO;

  @Parameters(
      index = "0",
      paramLabel = "KEY",
      description =
          "NAME for a value of this node; /pk/PEER and /ipns/PEER take what 'get --json' prints as"
              + " \"record\".")
  private String key = "";

  @Parameters(index = "1", paramLabel = "VALUE", description = "A text of up to 8 KiB.")
  private String value = "";

  /** Where the bytes come from that are stored. */
  @FunctionalInterface
  private interface Source {
    Value value(Dht dht) throws IOException;
  }

  private final Session session;

  DhtPutCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    if (expires.isZero()) {
      throw CommandFailure.usage("--expires must be more than nothing.", "Say 30m, 2h or 2d.");
    }
    PrivateKey own = options.dht().node().identity(session);
    ValueKey where = ValueKey.parse(key, own.peerId());
    Source source = source(where, own);
    try (var visit = DhtVisit.join(session, options)) {
      Dht dht = visit.dht();
      Stored stored = visit.call(() -> dht.putValue(where.target(), source.value(dht)));
      requireKept(stored);
      show(where, stored, visit.passed().toMillis() / 1e3);
      return ExitCode.DONE.number();
    } catch (InvalidRecordException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "That is no value of %s: %s.".formatted(where, e.getMessage()),
          "Give what 'warren dht get --json' prints as \"record\".",
          e);
    }
  }

  private Source source(ValueKey where, PrivateKey own) throws CommandFailure {
    return switch (where) {
      case ValueKey.Named(PeerId owner, String name) -> {
        if (!owner.equals(own.peerId())) {
          throw CommandFailure.usage(
              "Only %s can change that value.".formatted(owner),
              "Give a name alone, for a value of this node.");
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_VALUE_BYTES) {
          throw CommandFailure.usage(
              "A value has at most %d bytes, and this one %d."
                  .formatted(MAX_VALUE_BYTES, bytes.length),
              "'warren share --text' passes texts of any length.");
        }
        yield dht -> signed(dht, name, Value.of(bytes), own);
      }
      case ValueKey.OfPeer _ -> {
        Value record = decode(value);
        yield _ -> record;
      }
    };
  }

  private static Value decode(String text) throws CommandFailure {
    try {
      return Value.of(Multibase.decode(text));
    } catch (MalformedException e) {
      throw CommandFailure.usage(
          "That is no record: %s.".formatted(e.getMessage()),
          "Give what 'warren dht get --json' prints as \"record\".");
    }
  }

  /** Above the one that is to be found, and above one that is not, unless that is of the future. */
  private Value signed(Dht dht, String name, Value content, PrivateKey own) throws IOException {
    PeerId self = own.peerId();
    Instant now = session.clock().instant();
    long sequence = now.toEpochMilli();
    Optional<Value> last = dht.getValue(WarrenRecord.key(self, name));
    if (last.isPresent()) {
      sequence = Math.max(sequence, WarrenRecord.open(last.get()).sequence() + 1);
    }
    return new WarrenRecord(self, name, sequence, now.plus(expires), content).seal(own);
  }

  private void show(ValueKey where, Stored stored, double seconds) {
    session
        .console()
        .say(
            () ->
                String.format(
                    Locale.ROOT,
                    "%s is kept by %d of %d peers after %.1f s.",
                    Printable.of(where.toString()),
                    stored.stored(),
                    stored.asked(),
                    seconds),
            () ->
                JsonObject.event("put")
                    .with("key", where.toString())
                    .with("peers", stored.stored())
                    .with("asked", stored.asked())
                    .with("seconds", seconds));
  }

  static void requireKept(Stored stored) throws CommandFailure {
    if (stored.stored() == 0) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "None of the %d peers asked keeps it.".formatted(stored.asked()),
          "Try again, or take another network with --network.");
    }
  }
}
