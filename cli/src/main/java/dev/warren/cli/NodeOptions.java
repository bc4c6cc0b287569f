package dev.warren.cli;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.identity.KeyFile;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.NodeRecords;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that start a node, and how the node is started. */
final class NodeOptions {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      description =
          "Accept connections at this address, such as /ip4/0.0.0.0/tcp/4001; port 0 picks a free"
              + " one. May be given several times.")
  private List<Multiaddr> listen = List.of();

  /**
   * Starts a node that others are to reach: with the identity of the data directory, at a free port
   * of every interface unless the user says otherwise.
   *
   * @param setUp adds what the node serves, before anybody can connect
   */
  Host serve(Session session, HostListener listener, Consumer<Host> setUp) throws IOException {
    PrivateKey key = identity(session);
    NodeLog.openOrGoWithout(session, data(session));
    return start(builder(key).listener(listener), setUp, true);
  }

  /**
   * Starts a node that only visits a peer. Its key is made for the occasion, so that it is not
   * taken for the node that may be running from the same directory, and nobody learns who asked;
   * with a data directory given, it is the node of that.
   */
  Host visit(Session session, Multiaddr target) throws IOException, CommandFailure {
    PrivateKey key = visitor(session);
    if (target.peer().map(PeerId::parse).filter(key.peerId()::equals).isPresent()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "That is the address of the very node that " + data(session).path() + " holds.",
          "Leave --data-dir out, or name another directory.");
    }
    return visit(session, key);
  }

  /** The same, to visit whomever it may meet. */
  Host visit(Session session) throws IOException {
    return visit(session, visitor(session));
  }

  private Host visit(Session session, PrivateKey key) throws IOException {
    NodeLog.openOrGoWithout(session, data(session));
    return start(builder(key), _ -> {}, false);
  }

  private PrivateKey visitor(Session session) throws IOException {
    return directory.given() ? identity(session) : PrivateKey.generate(KeyType.ED25519);
  }

  /** The key of the data directory. */
  PrivateKey identity(Session session) throws IOException {
    return KeyFile.loadOrCreate(data(session).keyFile(), KeyType.ED25519);
  }

  DataDirectory data(Session session) {
    return directory.in(session);
  }

  /** Opens what the node remembers. */
  NodeRecords records(Session session) throws IOException {
    return directory.records(session);
  }

  private static HostBuilder builder(PrivateKey key) {
    return Host.builder().identity(key).agent("warren/" + Version.number()).quic();
  }

  private Host start(HostBuilder builder, Consumer<Host> setUp, boolean everywhere)
      throws IOException {
    Host host = builder.start();
    try {
      setUp.accept(host);
      for (Multiaddr address : listen) {
        host.listen(address);
      }
      if (listen.isEmpty() && everywhere) {
        host.listenEverywhereOverQuic(host.listenEverywhere(0));
      }
      return host;
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }
}
