package dev.warren.libp2p.discovery;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a node announces itself as, and what others ask for (RFC 6763, 4 and 7.1).
 *
 * <p>Nodes of one service can be told apart by a subtype: {@code
 * of("_warren._udp").subtype("mfrgg")} is asked for as {@code mfrgg._sub._warren._udp.local}, and
 * answered by those alone that announced just that.
 */
public final class ServiceName {
  private static final Pattern TYPE = Pattern.compile("_[a-z0-9-]{1,62}\\._(udp|tcp)");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,63}");

  /** Every libp2p node of the local network (libp2p/specs discovery/mdns.md). */
  public static final ServiceName LIBP2P = of("_p2p._udp");

  private final DnsName question;
  private final DnsName type;

  private ServiceName(DnsName question, DnsName type) {
    this.question = question;
    this.type = type;
  }

  /** The service of a type such as {@code _warren._udp}. */
  public static ServiceName of(String type) {
    if (!TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException("not the type of a service: " + type);
    }
    DnsName name = DnsName.of(type + ".local");
    return new ServiceName(name, name);
  }

  /**
   * The nodes of a private network, which those of others then do not find (specs, discovery/mdns,
   * "Definitions").
   */
  public static ServiceName privateNetwork(byte[] fingerprint) {
    return of("_p2p-" + HexFormat.of().formatHex(fingerprint) + "._udp");
  }

  /**
   * The nodes of this service that have announced this subtype.
   *
   * @param label lower-case letters, digits and hyphens, at most 63: base 32 of up to 39 bytes
   */
  public ServiceName subtype(String label) {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException("not the name of a subtype: " + label);
    }
    return new ServiceName(type.child("_sub").child(label), type);
  }

  /** The name that is asked for and answered with pointers to instances. */
  DnsName question() {
    return question;
  }

  /** The name that those of the instances end in. */
  DnsName type() {
    return type;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceName that && question.equals(that.question);
  }

  @Override
  public int hashCode() {
    return question.hashCode();
  }

  @Override
  public String toString() {
    return question.toString();
  }
}
