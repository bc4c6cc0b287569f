package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A source and a receiver that is connected to it. */
public final class TwoHosts implements AutoCloseable {
  private final Host source;
  private final Host receiver;
  private final List<Host> others = new ArrayList<>();
  private final Transport transport;
  private final Connection connection;

  private TwoHosts(Transport transport, String address, KeyType sourceKey, TimeSource time)
      throws IOException {
    this.transport = transport;
    source =
        Host.builder()
            .transport(transport)
            .identity(PrivateKey.generate(sourceKey))
            .listen(address)
            .start();
    receiver = Host.builder().transport(transport).time(time).start();
    connection = receiver.dial(source.addressesWithPeer().getFirst());
  }

  /** In memory. */
  public static TwoHosts inMemory() throws IOException {
    return inMemory(KeyType.ED25519);
  }

  /** In memory, with a source whose key is of this type. */
  public static TwoHosts inMemory(KeyType sourceKey) throws IOException {
    return new TwoHosts(new MemoryTransport(), "/memory/0", sourceKey, TimeSource.system());
  }

  /** In memory, with a receiver that goes by this time. */
  static TwoHosts inMemory(TimeSource receivers) throws IOException {
    return new TwoHosts(new MemoryTransport(), "/memory/0", KeyType.ED25519, receivers);
  }

  /** By loopback. */
  public static TwoHosts overTcp() throws IOException {
    return new TwoHosts(
        new TcpTransport(), "/ip4/127.0.0.1/tcp/0", KeyType.ED25519, TimeSource.system());
  }

  /** The one that serves. */
  public Host source() {
    return source;
  }

  /** The one that wants. */
  public Host receiver() {
    return receiver;
  }

  /** From the receiver to the source. */
  public Connection connection() {
    return connection;
  }

  /** One more receiver. */
  public Host another() throws IOException {
    Host another = Host.builder().transport(transport).start();
    others.add(another);
    return another;
  }

  @Override
  public void close() {
    others.forEach(Host::close);
    receiver.close();
    source.close();
  }
}
