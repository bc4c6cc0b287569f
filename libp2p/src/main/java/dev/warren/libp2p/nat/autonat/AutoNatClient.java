package dev.warren.libp2p.nat.autonat;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Asks servers whether they can dial this host. One question at a time for each server; what they
 * say proves nothing by the first version, and that somebody came in by the second.
 */
public final class AutoNatClient implements Closeable {
  /** A server that pauses, dials, and waits the time-out of the first version out. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Host host;
  private final V2Client second;

  private AutoNatClient(Host host) {
    this.host = host;
    second = new V2Client(host);
  }

  /**
   * One address to be dialed.
   *
   * @param worthData whether it is worth the {@value V2Server#MAX_DATA_BYTES} bytes that a server
   *     may want that sees us at another one
   */
  public record Wanted(Multiaddr address, boolean worthData) {}

  /** Begins to take what servers dial back. */
  public static AutoNatClient attach(Host host) {
    var client = new AutoNatClient(host);
    host.handle(V2Server.DIAL_BACK, client.second);
    return client;
  }

  /** Whether the peer serves the second version. */
  public static boolean servesSecond(PeerInfo peer) {
    return peer.protocols().contains(V2Server.DIAL_REQUEST);
  }

  /** Whether the peer serves the first version. */
  public static boolean servesFirst(PeerInfo peer) {
    return peer.protocols().contains(V1Server.PROTOCOL);
  }

  /**
   * Has one of the addresses dialed, by the second version: the first that the server is willing to
   * dial. That it did is proved by what came in.
   *
   * @throws IOException if the server does not answer, or does so against the rules
   */
  public DialBackAnswer ask(Connection server, List<Wanted> addresses) throws IOException {
    return second.ask(server, addresses, TIMEOUT);
  }

  /**
   * Has all of the addresses dialed, by the first version, of which the server dials those at the
   * IP address where it sees us. What it says has to be believed.
   *
   * @throws IOException if the server does not answer, or does so against the rules
   */
  public DialBackAnswer askFirst(Connection server, List<Multiaddr> addresses) throws IOException {
    return V1Client.ask(host, server, addresses, TIMEOUT);
  }

  /** Takes nothing any more that servers dial back. */
  @Override
  public void close() {
    host.unhandle(V2Server.DIAL_BACK);
  }
}
