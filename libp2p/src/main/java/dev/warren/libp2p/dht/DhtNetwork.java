package dev.warren.libp2p.dht;

/**
 * A network of its own: who speaks another protocol is in another one, with tables and records that
 * have nothing to do with each other. A host may be in several.
 *
 * @param protocol by which its peers know each other
 */
public record DhtNetwork(String protocol, Reach reach) {
  /** The public IPFS network. */
  public static final DhtNetwork IPFS = new DhtNetwork("/ipfs/kad/1.0.0", Reach.PUBLIC);

  /** IPFS peers on the local network. */
  public static final DhtNetwork IPFS_LAN = new DhtNetwork("/ipfs/lan/kad/1.0.0", Reach.LOCAL);

  /** Warren's own. */
  public static final DhtNetwork WARREN = new DhtNetwork("/warren/kad/1.0.0", Reach.PUBLIC);

  /** Warren's own on the local network. */
  public static final DhtNetwork WARREN_LAN = new DhtNetwork("/warren/lan/kad/1.0.0", Reach.LOCAL);
}
