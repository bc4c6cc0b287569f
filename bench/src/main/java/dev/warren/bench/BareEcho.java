package dev.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Echoes whatever comes on a socket: what no protocol can be faster than. */
record BareEcho(ServerSocket listener) implements AutoCloseable {
  static BareEcho start() throws IOException {
    var echo = new BareEcho(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.ofPlatform().daemon().name("echo-accept").start(echo::accept);
    return echo;
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket accepted = listener.accept();
        Thread.ofPlatform().daemon().name("echo").start(() -> echo(accepted));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void echo(Socket accepted) {
    try (accepted) {
      accepted.getInputStream().transferTo(accepted.getOutputStream());
    } catch (IOException e) {
      // The other end has what it wanted.
    }
  }
}
