package dev.warren.cli.endtoend.lab;

import java.net.InetAddress;

/**
 * A router to which everybody is attached by a network of their own: {@code 11.N.0.0/16}, or {@code
 * 12} when those have run out, and {@code 2a0b:N::/32}, which libp2p implementations take for
 * addresses of the internet.
 *
 * <p>{@link Traffic} counts what flows through it, so that whoever claims to be connected directly
 * can be believed or not.
 */
final class Internet implements AutoCloseable {
  private static final int FIRST_OCTET = 11;
  private static final int OCTETS = 256;

  private final NetworkNamespace router;

  private Internet(NetworkNamespace router) {
    this.router = router;
  }

  static Internet make() {
    NetworkNamespace router = NetworkNamespace.make("internet");
    Commands.script(
        """
        ip netns exec internet sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1\
        """);
    return new Internet(router);
  }

  /** How somebody is attached: the address is that of its interface {@code wan}. */
  record Attachment(int number, NetworkNamespace namespace) implements AutoCloseable {
    /** What the IPv4 addresses of its network begin with. */
    String network() {
      return "%d.%d".formatted(FIRST_OCTET + number / OCTETS, number % OCTETS);
    }

    String address() {
      return network() + ".0.2";
    }

    String address6() {
      return "2a0b:%d::2".formatted(number);
    }

    /** A network that is routed to it. */
    String network6() {
      return "2a0b:%d:1::".formatted(number);
    }

    /** Whether an address is of its networks. */
    boolean has(InetAddress other) {
      String text = other.getHostAddress();
      return text.startsWith(network() + ".") || text.startsWith("2a0b:%d:".formatted(number));
    }

    @Override
    public void close() {
      Commands.script("ip -n internet link del to$1", number);
    }
  }

  /** Attaches a computer that has no interface {@code wan} yet. */
  Attachment attach(int number, NetworkNamespace namespace) {
    var attachment = new Attachment(number, namespace);
    Commands.script(
        """
        ip link add to$1 netns internet type veth peer name wan netns "$2"
        ip -n internet addr add $3.0.1/16 dev to$1
        ip -n internet addr add 2a0b:$1::1/64 dev to$1
        ip -n internet link set to$1 up
        ip -n "$2" addr add $3.0.2/16 dev wan
        ip -n "$2" addr add 2a0b:$1::2/64 dev wan
        ip -n "$2" link set wan up
        ip -n "$2" route add default via $3.0.1
        ip -n "$2" -6 route add default via 2a0b:$1::1
        ip -n internet route add 2a0b:$1:1::/64 via 2a0b:$1::2 dev to$1\
        """,
        number,
        namespace.name(),
        attachment.network());
    return attachment;
  }

  NetworkNamespace namespace() {
    return router;
  }

  @Override
  public void close() {
    router.close();
  }
}
