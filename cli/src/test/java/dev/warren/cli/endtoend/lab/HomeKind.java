package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.lab.Router.Filtering;
import dev.warren.cli.endtoend.lab.Router.Mapping;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a home is connected with the internet. */
enum HomeKind {
  OPEN("an address of the internet"),
  FULL_CONE(
      "full cone NAT", Router.of(Mapping.ENDPOINT_INDEPENDENT, Filtering.ENDPOINT_INDEPENDENT)),
  ADDRESS_RESTRICTED(
      "address-restricted NAT",
      Router.of(Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_DEPENDENT)),
  PORT_RESTRICTED("port-restricted NAT", portRestricted()),
  SYMMETRIC(
      "symmetric NAT",
      Router.of(Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT)),
  TCP_STRICT(
      "port-restricted NAT, no TCP connection in, not even one that is begun from both ends",
      portRestricted().forbidding("iifname \"wan\" tcp flags & (syn | ack) == syn drop")),
  DOUBLE_NAT("a port-restricted NAT behind another", portRestricted(), portRestricted()),
  CARRIER_GRADE(
      "a port-restricted NAT behind the carrier's, which lets everybody in",
      portRestricted(),
      Router.of(Mapping.ENDPOINT_INDEPENDENT, Filtering.ENDPOINT_INDEPENDENT)),
  UDP_BLOCKED(
      "port-restricted NAT, no UDP",
      portRestricted().forbidding("iifname \"lan\" meta l4proto udp drop")),
  ONLY_TCP_443(
      "port-restricted NAT, nothing but TCP to port 443",
      portRestricted()
          .forbidding(
              "iifname \"lan\" oifname \"wan\" tcp dport != 443 drop\n"
                  + "    iifname \"lan\" oifname \"wan\" meta l4proto != tcp drop")),
  IPV6_ONLY(
      "no IPv4, and a router that lets in answers",
      Router.of(Mapping.NONE, Filtering.ADDRESS_AND_PORT_DEPENDENT)),
  UPNP("port-restricted NAT that opens ports by UPnP", portRestricted()),
  PCP("port-restricted NAT that opens ports by PCP and NAT-PMP", portRestricted());

  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<Router> routers;

  HomeKind(String description, Router... routersOutwards) {
    this.description = description;
    this.routers = List.of(routersOutwards);
  }

  private static Router portRestricted() {
    return Router.of(Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT);
  }

  /** As users write it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String description() {
    return description;
  }

  /** From the one in the home to the one that has an address of the internet. */
  List<Router> routers() {
    return routers;
  }

  /** How it is to behave towards datagrams; empty if none come through. */
  Optional<Behaviour> udp() {
    return this == UDP_BLOCKED || this == ONLY_TCP_443 ? Optional.empty() : Optional.of(tcp());
  }

  /** How it is to behave towards connections. */
  Behaviour tcp() {
    return routers.stream()
        .map(Router::behaviour)
        .reduce(Behaviour::behind)
        .orElse(Behaviour.REACHABLE);
  }

  /** Whether two such homes can be connected with each other, with nobody in between. */
  boolean canMeet(HomeKind other) {
    if (this == ONLY_TCP_443 || other == ONLY_TCP_443) {
      return false; // nobody listens at that port
    }
    if (isIpv6() != other.isIpv6() && this != OPEN && other != OPEN) {
      return false;
    }
    return asked().meets(other.asked());
  }

  private Behaviour asked() {
    return opensPorts().isPresent() ? Behaviour.REACHABLE : tcp();
  }

  /** By what its router is asked to open ports, if it does. */
  Optional<PortMapper.Language> opensPorts() {
    return switch (this) {
      case UPNP -> Optional.of(PortMapper.Language.UPNP);
      case PCP -> Optional.of(PortMapper.Language.PCP);
      default -> Optional.empty();
    };
  }

  boolean isIpv6() {
    return this == IPV6_ONLY;
  }
}
