package dev.warren.libp2p.nat.autonat;

import java.io.IOException;

/** The peer sent something that is no message of AutoNAT, or not the one that was due. */
public final class MalformedAutoNatMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedAutoNatMessageException(String what) {
    super("the peer sent " + what);
  }

  MalformedAutoNatMessageException(String what, Throwable cause) {
    super("the peer sent " + what, cause);
  }
}
