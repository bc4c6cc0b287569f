package dev.warren.libp2p;

// begin README
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class EchoExample {
  public static void main(String[] args) throws IOException {
    try (Host server = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
        Host client = Host.builder().start()) {
      server.handle("/echo/1.0.0", stream -> stream.input().transferTo(stream.output()));

      client.dial(server.addressesWithPeer().getFirst());
      try (Stream stream = client.open(server.peerId(), "/echo/1.0.0")) {
        stream.write("hello".getBytes(StandardCharsets.UTF_8));
        stream.closeWrite();
        System.out.println(new String(stream.input().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }
}
// end README
