package dev.warren.libp2p.dht;

/** What a node does for others (libp2p/specs kad-dht, "Client and server mode"). */
public enum Mode {
  /** Asks only. Others do not get to know that it could do more. */
  CLIENT,
  /** Answers and keeps records. For nodes that can be reached by everybody in the network. */
  SERVER
}
