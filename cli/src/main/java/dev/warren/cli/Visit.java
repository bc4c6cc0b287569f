package dev.warren.cli;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import java.io.Closeable;
import java.io.IOException;

/** A node started to talk to one peer, which ends when the talk does or the user wishes so. */
final class Visit implements Closeable {
  private final Session session;
  private final Multiaddr target;
  private final Host host;
  private final Cancellation.Registration stop;

  Visit(Session session, NodeOptions options, Multiaddr target) throws IOException, CommandFailure {
    this.session = session;
    this.target = target;
    host = options.visit(session, target);
    stop = session.interruption().onRequest(host::close);
  }

  /** Connects to the peer, or returns the connection that there is. */
  Connection connection() throws IOException, CommandFailure {
    // A dial waits for its attempts, which closing the host does not end; an interrupt does.
    Thread dialing = Thread.currentThread();
    try (var _ = session.interruption().onRequest(dialing::interrupt)) {
      return host.dial(target);
    } catch (IOException e) {
      if (session.interruption().requested()) {
        throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted.", "", e);
      }
      throw e;
    }
  }

  Host host() {
    return host;
  }

  @Override
  public void close() {
    stop.close();
    host.close();
  }
}
