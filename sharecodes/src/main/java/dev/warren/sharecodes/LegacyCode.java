package dev.warren.sharecodes;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code SHARECODE:ENCRYPTIONKEY:IP:PORT}, the oldest form, with IPv6 addresses in brackets.
 *
 * <p>It does not say who shares, so the peer at the address has to be known by its key alone. See
 * docs/protocols/share-codes.md, "Legacy form".
 *
 * @param address {@code /ip4/…/tcp/…} or {@code /ip6/…/tcp/…}
 */
public record LegacyCode(ShareId share, ShareKey key, Multiaddr address) implements ShareCode {
  private static final Pattern PARTS =
      Pattern.compile("([^:]*):([^:]*):(\\[[^\\[\\]]*]|[^:]*):([^:]*)");

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /**
   * A code with the one address.
   *
   * @throws IllegalArgumentException if it is anything but an IP address and a TCP port
   */
  public LegacyCode {
    List<Protocol> protocols = address.protocols();
    if (!protocols.equals(List.of(Protocol.IP4, Protocol.TCP))
        && !protocols.equals(List.of(Protocol.IP6, Protocol.TCP))) {
      throw new IllegalArgumentException("not an IP address and TCP port alone: " + address);
    }
    if (address.port().orElse(0) == 0) {
      throw new IllegalArgumentException("the port is not one of 1 to 65535");
    }
  }

  static LegacyCode parse(PastedText pasted) throws InvalidShareCodeException {
    Matcher parts = PARTS.matcher(pasted.text());
    if (!parts.matches()) {
      throw pasted.wrong(
          "a code with colons is SHARECODE:ENCRYPTIONKEY:IP:PORT, with IPv6 in brackets", 0);
    }
    int part = 1;
    try {
      ShareId share = new ShareId(parts.group(1));
      part = 2;
      ShareKey key = ShareKey.ofBase64(parts.group(2));
      part = 3;
      Multiaddr host = host(parts.group(3));
      part = 4;
      return new LegacyCode(share, key, host.with(Protocol.TCP, port(parts.group(4))));
    } catch (MalformedException e) {
      String what = part == 3 ? "the address is not an IP address" : "the port is none";
      throw pasted.wrong(what, parts.start(part), parts.end(part), List.of());
    } catch (IllegalArgumentException e) {
      throw pasted.wrong(e.getMessage(), parts.start(part), parts.end(part), List.of());
    }
  }

  private static Multiaddr host(String text) {
    return text.startsWith("[")
        ? Multiaddr.EMPTY.with(Protocol.IP6, text.substring(1, text.length() - 1))
        : Multiaddr.EMPTY.with(Protocol.IP4, text);
  }

  private static String port(String text) {
    if (!PORT.matcher(text).matches()) {
      throw new IllegalArgumentException("the port is not one of 1 to 65535");
    }
    return text;
  }

  @Override
  public String redacted() {
    return share + ":*:" + endpoint();
  }

  /** The whole code, as it is to be pasted. */
  @Override
  public String toString() {
    return share + ":" + key.toBase64() + ":" + endpoint();
  }

  private String endpoint() {
    String host =
        address
            .value(Protocol.IP4)
            .or(() -> address.value(Protocol.IP6).map(ip -> "[" + ip + "]"))
            .orElseThrow();
    return host + ":" + address.port().orElseThrow();
  }
}
