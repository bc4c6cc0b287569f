package dev.warren.libp2p.nat.portmap;

import java.util.List;
import java.util.Optional;

/** How it stands with a {@link PortMapper}. */
public sealed interface PortMappingState {

  /** It is not known yet. */
  record Searching() implements PortMappingState {}

  /** No router answers that maps ports. */
  record NoRouter() implements PortMappingState {}

  /** There is one, and it does not map for us. */
  record Refused(String reason) implements PortMappingState {}

  /**
   * The router has done it.
   *
   * @param protocol how the router was asked
   * @param mappings none if there is nothing to map
   * @param refusal what it said of a port that it does not map
   */
  record Mapped(String protocol, List<PortMapping> mappings, Optional<String> refusal)
      implements PortMappingState {}
}
