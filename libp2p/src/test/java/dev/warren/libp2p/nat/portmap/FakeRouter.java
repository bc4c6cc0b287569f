package dev.warren.libp2p.nat.portmap;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Answers datagrams on the loopback interface. */
final class FakeRouter implements Closeable {
  private final DatagramSocket socket;
  private final List<byte[]> questions = new CopyOnWriteArrayList<>();

  /**
   * @param answers empty for silence
   */
  FakeRouter(Function<byte[], List<byte[]>> answers) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(() -> serve(answers));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  List<byte[]> questions() {
    return questions;
  }

  private void serve(Function<byte[], List<byte[]>> answers) {
    var datagram = new DatagramPacket(new byte[2048], 2048);
    try {
      while (true) {
        datagram.setLength(2048);
        socket.receive(datagram);
        byte[] question = Arrays.copyOf(datagram.getData(), datagram.getLength());
        questions.add(question);
        for (byte[] answer : answers.apply(question)) {
          socket.send(new DatagramPacket(answer, answer.length, datagram.getSocketAddress()));
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
