package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns addresses that hold a name into addresses that can be dialed; one for each dial, whose
 * lookups are bounded together.
 *
 * <p>Specification: addressing/README.md, "dnsaddr".
 */
final class AddressResolver {
  private static final String TXT_PREFIX = "dnsaddr=";

  /** A record may point to further records: a loop or a tree without end is cut off. */
  private static final int MAX_DEPTH = 4;

  private static final int MAX_RESULTS = 64;
  private static final int MAX_LOOKUPS = 32;

  /** After this no lookup is begun. */
  private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

  private final NameResolver names;
  private final TimeSource time;
  private final Optional<String> expected;
  private final long startNanos;
  private int lookups;

  /**
   * @param expected the peer that is dialed, when known: what leads to others is left out
   */
  AddressResolver(NameResolver names, TimeSource time, Optional<PeerId> expected) {
    this.names = names;
    this.time = time;
    this.expected = expected.map(PeerId::toString);
    this.startNanos = time.nanoTime();
  }

  /** Whether something has to be looked up for this address. */
  static boolean holdsName(Multiaddr address) {
    return switch (address.components().getFirst().protocol()) {
      case DNSADDR, DNS, DNS4, DNS6 -> true;
      default -> false;
    };
  }

  /**
   * The addresses that this one stands for; itself when it holds no name.
   *
   * @throws IOException when there is none
   */
  List<Multiaddr> resolve(Multiaddr address) throws IOException {
    var results = new ArrayList<Multiaddr>();
    resolve(address, MAX_DEPTH, results);
    return results;
  }

  private void resolve(Multiaddr address, int depth, List<Multiaddr> results) throws IOException {
    if (results.size() >= MAX_RESULTS) {
      return;
    }
    Optional<String> named = address.peer();
    if (named.isPresent() && expected.isPresent() && !named.equals(expected)) {
      throw new IOException("it leads to another peer, " + named.get());
    }
    Multiaddr.Component first = address.components().getFirst();
    switch (first.protocol()) {
      case DNSADDR -> resolveRecords(address, first.value(), depth, results);
      case DNS, DNS4, DNS6 -> resolveName(address, first, results);
      default -> results.add(address);
    }
  }

  private void resolveName(Multiaddr address, Multiaddr.Component name, List<Multiaddr> results)
      throws IOException {
    countLookup();
    int before = results.size();
    for (InetAddress ip : names.addresses(name.value())) {
      boolean v4 = ip instanceof Inet4Address;
      boolean wanted =
          switch (name.protocol()) {
            case DNS4 -> v4;
            case DNS6 -> !v4;
            default -> true;
          };
      if (wanted && results.size() < MAX_RESULTS) {
        results.add(Multiaddr.parse(Multiaddr.ofIp(ip) + rest(address)));
      }
    }
    if (results.size() == before) {
      throw new UnknownHostException("the name " + name.value() + " has no fitting address");
    }
  }

  private void resolveRecords(Multiaddr address, String name, int depth, List<Multiaddr> results)
      throws IOException {
    if (depth == 0) {
      throw new IOException("the dnsaddr records of " + name + " are nested too deeply");
    }
    countLookup();
    int before = results.size();
    IOException failure = new UnknownHostException("the name " + name + " has no fitting record");
    // Only the records for the rest of the address, usually /p2p/ID, are meant.
    String suffix = rest(address);
    for (String text : names.texts("_dnsaddr." + name)) {
      if (text.startsWith(TXT_PREFIX) && text.endsWith(suffix)) {
        try {
          resolve(Multiaddr.parse(text.substring(TXT_PREFIX.length())), depth - 1, results);
        } catch (MalformedException _) {
          // Somebody else's record, perhaps of a newer kind: the others may do.
        } catch (IOException e) {
          failure = e; // likewise
        }
      }
    }
    if (results.size() == before) {
      throw failure;
    }
  }

  private void countLookup() throws IOException {
    if (lookups == MAX_LOOKUPS) {
      throw new IOException("more than " + MAX_LOOKUPS + " names would have to be looked up");
    }
    if (time.nanoTime() - startNanos > TIME_LIMIT.toNanos()) {
      throw new IOException("looking up names took more than " + TIME_LIMIT.toSeconds() + " s");
    }
    lookups++;
  }

  /** The text of the address after its first component. */
  private static String rest(Multiaddr address) {
    String text = address.toString();
    int second = text.indexOf('/', text.indexOf('/', 1) + 1);
    return second < 0 ? "" : text.substring(second);
  }
}
