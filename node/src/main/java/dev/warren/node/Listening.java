package dev.warren.node;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node accepts connections. Unless told otherwise it takes the port of the last time, so
 * that addresses which others have stay good.
 */
final class Listening {
  private static final Logger log = LoggerFactory.getLogger(Listening.class);

  private final Host host;
  private final Path portFile;

  Listening(Host host, DataDirectory directory) {
    this.host = host;
    portFile = directory.path().resolve("port");
  }

  /** Listens at these addresses. */
  void at(List<Multiaddr> addresses) throws IOException {
    for (Multiaddr address : addresses) {
      host.listen(address);
    }
  }

  /**
   * Listens on every interface.
   *
   * @param lasting whether it is the port of this node that is remembered
   */
  void everywhere(boolean lasting) throws IOException {
    int port = overTcp(lasting ? lastPort() : OptionalInt.empty());
    if (lasting) {
      remember(port);
    }
    // Others need not wait until the native library is loaded; who knows us hears of it.
    Thread.ofVirtual().name("warren-quic").start(() -> overQuic(port));
  }

  private int overTcp(OptionalInt last) throws IOException {
    if (last.isPresent()) {
      try {
        return host.listenEverywhere(last.getAsInt());
      } catch (IOException e) {
        log.info("port {} is taken: {}", last.getAsInt(), e.getMessage());
      }
    }
    return host.listenEverywhere(0);
  }

  private void overQuic(int port) {
    try {
      host.listenEverywhereOverQuic(port);
    } catch (IOException e) {
      log.info("no connections over QUIC: {}", e.getMessage());
    }
  }

  private OptionalInt lastPort() {
    try {
      int port = Integer.parseInt(Files.readString(portFile).strip());
      return port > 0 && port < 1 << 16 ? OptionalInt.of(port) : OptionalInt.empty();
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      log.info("the port of the last time is not known: {}", e.toString());
      return OptionalInt.empty();
    }
  }

  private void remember(int port) {
    try {
      Files.writeString(portFile, Integer.toString(port));
    } catch (IOException e) {
      log.info("the port cannot be kept for the next time: {}", e.toString());
    }
  }
}
