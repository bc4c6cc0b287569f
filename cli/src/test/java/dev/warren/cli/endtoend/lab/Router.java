package dev.warren.cli.endtoend.lab;

import java.util.Locale;

/**
 * How a router treats what passes it. Whatever is not let in is dropped without an answer, as home
 * routers do.
 *
 * @param mapping how it maps ports
 * @param filtering what it lets in
 * @param forbidden rules on what it does not let out
 */
record Router(Mapping mapping, Filtering filtering, String forbidden) {
  /** By which port others see a computer behind it (RFC 4787, 4.1). */
  enum Mapping {
    /** By its own: the computer has an address of the internet. */
    NONE("accept"),

    /** Always the same for one port of a computer, whomever it talks to. */
    ENDPOINT_INDEPENDENT("masquerade"),

    /** Another one for each address and port that it talks to. */
    ADDRESS_AND_PORT_DEPENDENT("masquerade fully-random");

    private final String rule;

    Mapping(String rule) {
      this.rule = rule;
    }

    String label() {
      return Router.label(this);
    }
  }

  /** Who can send to a port that is mapped (RFC 4787, 5). */
  enum Filtering {
    /** Everybody. */
    ENDPOINT_INDEPENDENT("fib daddr type local dnat ip to meta l4proto . th dport map @mapped"),

    /** Whoever has an address that it was sent to from there. */
    ADDRESS_DEPENDENT(
        "fib daddr type local meta l4proto . th dport . ip saddr @contacted"
            + " dnat ip to meta l4proto . th dport map @mapped"),

    /** Only the very port that it was sent to from there. */
    ADDRESS_AND_PORT_DEPENDENT("");

    private final String rule;

    Filtering(String rule) {
      this.rule = rule;
    }

    String label() {
      return Router.label(this);
    }
  }

  Behaviour behaviour() {
    return new Behaviour(mapping, filtering);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Lets everything out. */
  static Router of(Mapping mapping, Filtering filtering) {
    return new Router(mapping, filtering, "");
  }

  Router forbidding(String rules) {
    return new Router(mapping, filtering, rules);
  }

  /**
   * The rules for nftables; the interfaces are {@code wan}, which has the address, and {@code lan}.
   *
   * <p>Linux by itself filters by address and port. For the other kinds the router keeps a list of
   * the ports that are mapped, each to the same number of its own, and forwards to them. A packet
   * from the router's own network to its outer address comes back to that network, with the outer
   * address as its source (RFC 4787, 6).
   */
  String rules(String address) {
    return """
        table inet router {
          map mapped {
            type inet_proto . inet_service : ipv4_addr; flags dynamic, timeout; timeout 5m;
          }
          set contacted {
            type inet_proto . inet_service . ipv4_addr; flags dynamic, timeout; timeout 5m;
          }
          chain upnp_forward { }
          chain upnp_prerouting { }
          chain upnp_postrouting { }
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            iifname != "wan" accept
            meta l4proto ipv6-icmp accept
          }
          chain forward {
            type filter hook forward priority filter; policy drop;
            %s
            iifname "lan" meta l4proto { tcp, udp } \
              update @mapped { meta l4proto . th sport : ip saddr } \
              update @contacted { meta l4proto . th sport . ip daddr }
            iifname "lan" oifname "wan" accept
            ct state established,related accept
            ct status dnat accept
          }
          chain prerouting {
            type nat hook prerouting priority dstnat;
            jump upnp_prerouting
            %s
          }
          chain postrouting {
            type nat hook postrouting priority srcnat;
            oifname "wan" %s
            iifname "lan" oifname "lan" ct status dnat snat ip to %s
          }
        }
        """
        .formatted(forbidden, filtering.rule, mapping.rule, address);
  }
}
