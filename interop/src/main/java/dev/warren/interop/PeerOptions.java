package dev.warren.interop;

import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options that every peer takes; see {@code interop/peers/README.md}, "Running". */
record PeerOptions(
    List<String> listen,
    KeyType keyType,
    boolean earlyMuxer,
    boolean mdns,
    Optional<Mode> kad,
    Optional<CircuitLimit> relay,
    boolean dcutr,
    String agent) {
  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  static PeerOptions parse(List<String> arguments) {
    var listen = new ArrayList<String>();
    KeyType keyType = KeyType.ED25519;
    boolean earlyMuxer = true;
    boolean mdns = false;
    Optional<Mode> kad = Optional.empty();
    Optional<CircuitLimit> relay = Optional.empty();
    boolean dcutr = false;
    String agent = "warren-interop-warren";
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      if (!rest.hasNext()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      String value = rest.next();
      switch (option) {
        case "--listen" -> listen.add(value);
        case "--key-type" -> keyType = KeyType.valueOf(value.toUpperCase(Locale.ROOT));
        case "--early-muxer" -> earlyMuxer = isOn(option, value);
        case "--mdns" -> mdns = isOn(option, value);
        case "--kad" ->
            kad =
                value.equals("off")
                    ? Optional.empty()
                    : Optional.of(Mode.valueOf(value.toUpperCase(Locale.ROOT)));
        case "--relay" -> relay = relay(value);
        case "--dcutr" -> dcutr = isOn(option, value);
        case "--agent" -> agent = value;
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return new PeerOptions(
        listen.isEmpty() ? List.of(Transport.TCP.anyPort()) : List.copyOf(listen),
        keyType,
        earlyMuxer,
        mdns,
        kad,
        relay,
        dcutr,
        agent);
  }

  private static Optional<CircuitLimit> relay(String value) {
    return switch (value) {
      case "off" -> Optional.empty();
      case "on" -> Optional.of(CircuitLimit.NONE);
      case "limited" -> Optional.of(CircuitCommands.LIMITED);
      default -> throw new IllegalArgumentException("--relay must be off, on or limited");
    };
  }

  private static boolean isOn(String option, String value) {
    return switch (value) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException(option + " must be on or off");
    };
  }
}
