package dev.warren.cli;

import dev.warren.libp2p.dht.record.InvalidRecordException;
import dev.warren.libp2p.dht.record.IpnsRecord;
import dev.warren.libp2p.dht.record.PublicKeyValidator;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multibase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Looks a value up. */
@Command(
    name = "get",
    description = {
      "Print the newest value that peers keep under a key.",
      "",
      "It is from the peer that the key names, or it would not be believed."
    },
    footer = {
      "",
      "Examples:",
      "  warren dht get motto",
      "  warren dht get 12D3KooW.../motto",
      "  warren dht get --json /ipns/12D3KooW...",
      "",
      "With --json, the line is {\"event\":\"value\",\"key\":…,\"record\":…,\"value\":…,",
      "\"sequence\":…,\"expires\":…}. \"record\" is what peers keep, in a multibase; where",
      "the value is no text, \"bytes\" has it in one.",
      "",
      "Exit codes: 0 found, 3 not found or not in time, 130 stopped by Ctrl-C."
    })
final class DhtGetCommand implements Callable<Integer> {
  /** What of a record can be told to people; the key of a peer has neither number nor end. */
  private record Content(Value value, Optional<Long> sequence, Optional<Instant> expires) {}

  @Mixin private final DhtVisitOptions options = new DhtVisitOptions();

  @Parameters(paramLabel = "KEY", description = ValueKey.HELP)
  private String key = "";

  private final Session session;

  DhtGetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    ValueKey where = ValueKey.parse(key, options.dht().node().identity(session).peerId());
    try (var visit = DhtVisit.join(session, options)) {
      Value record =
          visit
              .call(() -> visit.dht().getValue(where.target()))
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.UNREACHABLE,
                          "Nobody keeps a value of %s.".formatted(where),
                          "Compare the key and the network; values are kept for two days."));
      show(where, record, content(where, record));
      return ExitCode.DONE.number();
    }
  }

  private static Content content(ValueKey where, Value record) throws InvalidRecordException {
    return switch (where) {
      case ValueKey.Named _ -> {
        WarrenRecord opened = WarrenRecord.open(record);
        yield new Content(
            opened.value(), Optional.of(opened.sequence()), Optional.of(opened.expires()));
      }
      case ValueKey.OfPeer(String namespace, PeerId _)
          when namespace.equals(PublicKeyValidator.NAMESPACE) ->
          new Content(record, Optional.empty(), Optional.empty());
      case ValueKey.OfPeer(String _, PeerId peer) -> {
        IpnsRecord opened = IpnsRecord.open(peer, record);
        yield new Content(
            opened.value(), Optional.of(opened.sequence()), Optional.of(opened.validUntil()));
      }
    };
  }

  private void show(ValueKey where, Value record, Content content) {
    Optional<String> text = text(content.value());
    session
        .console()
        .say(
            () -> text.map(DhtGetCommand::printable).orElseGet(() -> encoded(content.value())),
            () -> {
              JsonObject object =
                  JsonObject.event("value")
                      .with("key", where.toString())
                      .with("record", encoded(record));
              text.ifPresentOrElse(
                  readable -> object.with("value", readable),
                  () -> object.with("bytes", encoded(content.value())));
              content.sequence().ifPresent(number -> object.with("sequence", number));
              content.expires().ifPresent(at -> object.with("expires", at.toString()));
              return object;
            });
  }

  private static String encoded(Value value) {
    return Multibase.BASE64URL.encode(value.toBytes());
  }

  private static Optional<String> text(Value value) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.toBytes())).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Its lines are its own; all else that a terminal would take for a command is not shown. */
  private static String printable(String text) {
    return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
  }
}
