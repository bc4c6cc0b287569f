package dev.warren.libp2p.nat.portmap;

import java.io.IOException;

/** A router's refusal of an order by UPnP. */
final class UpnpErrorException extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;

  UpnpErrorException(int code, String description) {
    super("the router refuses: " + description + " (" + code + ")");
    this.code = code;
  }

  int code() {
    return code;
  }
}
