package dev.warren.libp2p.transport.tcp;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.RawConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connected socket. */
final class TcpConnection implements RawConnection {
  private final SocketChannel channel;
  private final Multiaddr localAddress;
  private final Multiaddr remoteAddress;

  TcpConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    // Records are complete when they are written; waiting for more only adds delay.
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    localAddress = Multiaddr.ofTcp((InetSocketAddress) channel.getLocalAddress());
    remoteAddress = Multiaddr.ofTcp((InetSocketAddress) channel.getRemoteAddress());
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return channel.read(ByteBuffer.wrap(buffer, offset, length));
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(buffer, offset, length);
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  @Override
  public void closeWrite() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() {
    TcpTransport.closeQuietly(channel);
  }

  @Override
  public Multiaddr localAddress() {
    return localAddress;
  }

  @Override
  public Multiaddr remoteAddress() {
    return remoteAddress;
  }

  @Override
  public String toString() {
    return localAddress + " - " + remoteAddress;
  }
}
