package dev.warren.cli.endtoend.lab;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Computers behind the routers of a home. All homes have the same private addresses, as most have.
 */
final class Home implements AutoCloseable {
  private static final String INNER_NETWORK = "192.168.1";

  /** Of a carrier (RFC 6598), or of an outer router at home. */
  private static final String OUTER_NETWORK = "100.64.0";

  private final HomeKind kind;
  private final boolean isolated;
  private final Internet.Attachment attachment;
  private final List<NetworkNamespace> computers = new ArrayList<>();

  /** From the inside to the outside. */
  private final List<NetworkNamespace> routers = new ArrayList<>();

  private final Optional<PortMapper> portMapper;
  private final Deque<NetworkNamespace> all = new ArrayDeque<>();

  /**
   * Builds one.
   *
   * @param number of its network in the internet
   * @param isolated whether its computers do not hear each other, as guests of a wireless network
   *     do not, so that their router alone may bring them together
   * @param names those of its computers; one, if there is no router
   */
  Home(Internet internet, HomeKind kind, int number, boolean isolated, String... names) {
    this.kind = kind;
    this.isolated = isolated;
    for (String name : names) {
      computers.add(make(name));
    }
    for (Router _ : kind.routers()) {
      routers.add(makeRouter(names[0] + "-router" + routers.size()));
    }
    attachment =
        internet.attach(number, routers.isEmpty() ? computers.getFirst() : routers.getLast());
    for (int i = 0; i < routers.size(); i++) {
      boolean last = i == routers.size() - 1;
      if (!last) {
        plug(routers.get(i), 2, routers.get(i + 1), OUTER_NETWORK);
      }
      String address = last ? attachment.address() : OUTER_NETWORK + ".2";
      routers.get(i).rules(kind.routers().get(i).rules(address));
    }
    if (!routers.isEmpty()) {
      for (int i = 0; i < computers.size(); i++) {
        plug(computers.get(i), i + 2, routers.getFirst(), INNER_NETWORK);
      }
    }
    portMapper = kind.opensPorts().map(language -> new PortMapper(routers.getFirst(), language));
  }

  private NetworkNamespace make(String name) {
    NetworkNamespace made = NetworkNamespace.make(name);
    all.push(made);
    return made;
  }

  private NetworkNamespace makeRouter(String name) {
    NetworkNamespace router = make(name);
    // What its switch carries is not for its rules: Linux may have it otherwise.
    Commands.script(
        """
        ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        ip netns exec "$1" sysctl -qwe net.bridge.bridge-nf-call-iptables=0 \
          net.bridge.bridge-nf-call-ip6tables=0
        ip -n "$1" link add lan type bridge
        ip -n "$1" link set lan up\
        """,
        router.name());
    return router;
  }

  /** Has a computer, or a router, behind a router. */
  private void plug(NetworkNamespace inner, int number, NetworkNamespace outer, String network) {
    Commands.script(
        """
        ip link add port$2 netns "$3" type veth peer name wan netns "$1"
        ip -n "$3" link set port$2 up master lan
        ip netns exec "$3" bridge link set dev port$2 isolated $4
        ip -n "$1" link set wan up\
        """,
        inner.name(),
        number,
        outer.name(),
        isolated ? "on" : "off");
    if (kind.isIpv6()) {
      Commands.script(
          """
          ip -n "$3" addr replace "$4"1/64 dev lan
          ip -n "$1" addr add "$4$2"/64 dev wan
          ip -n "$1" -6 route add default via "$4"1\
          """,
          inner.name(),
          number,
          outer.name(),
          attachment.network6());
    } else {
      Commands.script(
          """
          ip -n "$3" addr replace "$4".1/24 dev lan
          ip -n "$1" addr add "$4.$2"/24 dev wan
          ip -n "$1" route add default via "$4".1\
          """,
          inner.name(),
          number,
          outer.name(),
          network);
    }
  }

  /** Its outermost router is off for a while: what it knew of connections is gone. */
  void reboot(Duration off) {
    // Linux forgets what it has mapped when the interface goes down.
    Commands.script(
        """
        ip -n "$1" link set wan down
        sleep $3
        ip -n "$1" link set wan up
        ip -n "$1" route add default via $2.0.1\
        """,
        routers.getLast().name(),
        attachment.network(),
        off.toSeconds());
  }

  /** Its carrier gives it another address. */
  void move() {
    Commands.script(
        """
        ip -n "$1" addr del $2.0.2/16 dev wan
        ip -n "$1" addr add $2.0.3/16 dev wan
        ip -n "$1" route add default via $2.0.1\
        """,
        routers.getLast().name(),
        attachment.network());
  }

  /** The computers, in the order of their names. */
  List<NetworkNamespace> computers() {
    return computers;
  }

  NetworkNamespace computer() {
    return computers.getFirst();
  }

  /** By which address the computer knows itself. */
  String inside() {
    return routers.isEmpty()
        ? attachment.address()
        : kind.isIpv6() ? attachment.network6() + "2" : INNER_NETWORK + ".2";
  }

  HomeKind kind() {
    return kind;
  }

  /** That of its router, if it opens ports. */
  Optional<PortMapper> portMapper() {
    return portMapper;
  }

  Internet.Attachment attachment() {
    return attachment;
  }

  @Override
  public void close() {
    portMapper.ifPresent(PortMapper::close);
    attachment.close();
    all.forEach(NetworkNamespace::close);
  }
}
