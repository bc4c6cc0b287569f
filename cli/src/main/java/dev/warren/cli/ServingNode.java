package dev.warren.cli;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that runs until the user stops it, and tells who comes and goes. */
final class ServingNode implements HostListener {
  private static final Logger log = LoggerFactory.getLogger(ServingNode.class);

  private final Session session;
  private final News news = new News();

  ServingNode(Session session) {
    this.session = session;
  }

  /** Runs the node; returns when the user wishes to stop. */
  ExitCode run(NodeOptions options, Consumer<Host> setUp) throws IOException {
    try (Host host = options.serve(session, this, setUp);
        var _ = session.interruption().onRequest(news::wake)) {
      announce(session, host);
      news.until(session.interruption()::requested);
    } catch (InterruptedException _) {
      // Only a wish to stop interrupts this thread.
    }
    session.console().sayToPrograms(() -> JsonObject.event("stopped"));
    return ExitCode.INTERRUPTED;
  }

  /** Says where a node is. */
  static void announce(Session session, Host host) {
    List<String> addresses = host.addressesWithPeer().stream().map(Multiaddr::toString).toList();
    log.info("warren {} listens as {} at {}", Version.number(), host.peerId(), addresses);
    session
        .console()
        .say(
            () -> "Listening as " + host.peerId() + " at\n  " + String.join("\n  ", addresses),
            () ->
                JsonObject.event("listening")
                    .with("peer", host.peerId().toString())
                    .with("addresses", addresses));
    if (!session.console().json()) {
      session.console().note("Ctrl-C stops.");
    }
  }

  @Override
  public void connected(Connection connection) {
    tell(
        "+ " + connection.remotePeer() + " from " + connection.remoteAddress(),
        about("connected", connection)
            .with("direction", connection.outbound() ? "outbound" : "inbound"));
  }

  @Override
  public void identified(PeerId peer, PeerInfo info) {
    tell(
        "  " + peer + " is " + Printable.of(info.agent()),
        JsonObject.event("identified")
            .with("peer", peer.toString())
            .with("agent", info.agent())
            .with("protocols", new TreeSet<>(info.protocols())));
  }

  @Override
  public void disconnected(Connection connection, IOException cause) {
    tell(
        "- " + connection.remotePeer(),
        about("disconnected", connection).with("reason", String.valueOf(cause.getMessage())));
  }

  private void tell(String text, JsonObject object) {
    news.tell(() -> session.console().say(() -> text, () -> object));
  }

  private static JsonObject about(String event, Connection connection) {
    return JsonObject.event(event)
        .with("peer", connection.remotePeer().toString())
        .with("address", connection.remoteAddress().toString());
  }
}
