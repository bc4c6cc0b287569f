package dev.warren.libp2p.nat.portmap;

import java.io.IOException;

/** The router was asked for a port, and gives none. */
public final class PortMappingRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  PortMappingRefusedException(String reason) {
    super(reason);
  }
}
