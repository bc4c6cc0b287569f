package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.portmap.PortMappingState;
import dev.warren.libp2p.nat.reachability.Reachability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node knows of its way to others, and theirs to it. {@link Diagnosis} says what it means.
 *
 * @param addresses where it is told to be
 * @param quic whether there is a QUIC library for this system
 * @param connections those that there are at present
 * @param portMapping how it stands with the router's help; empty if none is asked
 * @param relays by way of which it can be reached
 * @param places where it finds others
 */
public record Connectivity(
    List<Multiaddr> addresses,
    boolean quic,
    Connections connections,
    Reachability reachability,
    Optional<PortMappingState> portMapping,
    List<Relay> relays,
    List<Place> places) {

  /** Copies the lists. */
  public Connectivity {
    addresses = List.copyOf(addresses);
    relays = List.copyOf(relays);
    places = List.copyOf(places);
  }

  /**
   * How many connections there are over what.
   *
   * @param withoutQuic those over TCP that this node began, with peers of the internet who listen
   *     for QUIC
   */
  public record Connections(int tcp, int quic, int relayed, int withoutQuic) {}

  /**
   * A relay that has a place for the node.
   *
   * @param roundTrip empty if it does not answer just now
   * @param expires by the relay's clock
   */
  public record Relay(
      PeerId peer, Multiaddr address, Optional<Duration> roundTrip, Instant expires) {}

  /**
   * Where others are found.
   *
   * @param ofInternet whether others in it may be anywhere
   * @param peers how many are known there
   * @param detail what else is known of it, empty if nothing
   * @param problem why it cannot be used at present, if so
   */
  public record Place(
      String name, boolean ofInternet, int peers, String detail, Optional<String> problem) {}
}
