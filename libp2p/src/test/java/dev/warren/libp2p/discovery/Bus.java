package dev.warren.libp2p.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Networks in memory: what is sent is heard by all on it, the sender included, before it returns.
 */
final class Bus {
  /** A message as it went over a network. */
  record Sent(String network, InetAddress source, DnsMessage message) {}

  final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final List<Machine> machines = new CopyOnWriteArrayList<>();

  /** An interface, named after its network, with addresses such as {@code 192.0.2.1/24}. */
  static Face face(String network, String... subnets) {
    return new Face(network, 1, Arrays.stream(subnets).map(Bus::subnet).toList());
  }

  private static Face.Subnet subnet(String text) {
    int slash = text.indexOf('/');
    return new Face.Subnet(
        ip(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  static InetAddress ip(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  /** A machine, whose interfaces may change. */
  Machine machine(Face... faces) {
    Machine machine = new Machine();
    machine.faces = List.of(faces);
    machines.add(machine);
    return machine;
  }

  /** What went over the networks since this was last asked. */
  List<DnsMessage> takeSent() {
    List<DnsMessage> taken = sent.stream().map(Sent::message).toList();
    sent.clear();
    return taken;
  }

  /** Brings bytes to all on a network, as if from there. */
  void inject(String network, String source, byte[] message) {
    deliver(network, ip(source), message);
  }

  private void deliver(String network, InetAddress source, byte[] message) {
    for (Machine machine : machines) {
      if (machine.faces.stream().anyMatch(face -> face.name().equals(network))) {
        machine.receivers.forEach(receiver -> receiver.received(message, source));
      }
    }
  }

  final class Machine {
    volatile List<Face> faces = List.of();
    volatile String failure = "";
    private final List<Link.Receiver> receivers = new CopyOnWriteArrayList<>();

    /** Connects one program of this machine. */
    Link connect(Link.Receiver receiver) {
      return new Link() {
        private boolean listening;

        @Override
        public List<Face> faces() throws IOException {
          if (!failure.isEmpty()) {
            throw new IOException(failure);
          }
          if (!listening) {
            listening = true;
            receivers.add(receiver);
          }
          return new ArrayList<>(faces);
        }

        @Override
        public void send(Face face, byte[] message) throws IOException {
          if (!failure.isEmpty()) {
            throw new IOException(failure);
          }
          InetAddress source = face.subnets().getFirst().address();
          sent.add(new Sent(face.name(), source, DnsReader.read(message)));
          deliver(face.name(), source, message);
        }

        @Override
        public void close() {
          receivers.remove(receiver);
        }
      };
    }
  }
}
