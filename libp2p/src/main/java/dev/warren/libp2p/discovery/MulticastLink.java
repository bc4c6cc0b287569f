package dev.warren.libp2p.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The real network. An interface that cannot multicast is left out, but for the loopback: over it
 * the programs of a machine find each other when there is no network.
 */
final class MulticastLink implements Link {
  private final Receiver receiver;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<GroupSocket> sockets = new ArrayList<>(); // guarded by lock
  private boolean closed; // guarded by lock

  MulticastLink(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public List<Face> faces() throws IOException {
    lock.lock();
    try {
      List<NetworkInterface> networks =
          NetworkInterface.networkInterfaces().filter(MulticastLink::isUsable).toList();
      List<Integer> indexes = networks.stream().map(NetworkInterface::getIndex).toList();
      if (sockets.stream().anyMatch(socket -> socket.isSpent(indexes))) {
        // Memberships that outlive their interface count, and a system may allow few: Linux 20.
        closeSockets();
      }
      if (sockets.isEmpty() && !closed) {
        open();
      }
      networks.forEach(network -> sockets.forEach(socket -> socket.join(network)));
      return networks.stream().map(MulticastLink::face).toList();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isUsable(NetworkInterface network) {
    try {
      return network.isUp() && (network.supportsMulticast() || network.isLoopback());
    } catch (IOException e) {
      return false; // it has gone meanwhile
    }
  }

  private void open() throws IOException {
    Optional<IOException> failure = Optional.empty();
    for (InetAddress group : List.of(GroupSocket.IP4_GROUP, GroupSocket.IP6_GROUP)) {
      try {
        sockets.add(new GroupSocket(group, receiver));
      } catch (IOException e) {
        failure = Optional.of(e);
      }
    }
    if (sockets.isEmpty() && failure.isPresent()) {
      throw failure.get();
    }
  }

  private static Face face(NetworkInterface network) {
    List<Face.Subnet> subnets =
        network.getInterfaceAddresses().stream()
            .filter(Objects::nonNull)
            .map(own -> new Face.Subnet(own.getAddress(), own.getNetworkPrefixLength()))
            .toList();
    return new Face(network.getName(), network.getIndex(), subnets);
  }

  @Override
  public void send(Face face, byte[] message) throws IOException {
    NetworkInterface network = NetworkInterface.getByIndex(face.index());
    if (network == null) {
      throw new IOException("the interface " + face.name() + " is gone");
    }
    lock.lock();
    try {
      boolean sent = false;
      Optional<IOException> failure = Optional.empty();
      for (GroupSocket socket : sockets) {
        if (face.subnets().stream().anyMatch(subnet -> socket.carries(subnet.address()))) {
          try {
            socket.send(network, message);
            sent = true;
          } catch (IOException e) {
            failure = Optional.of(e);
          }
        }
      }
      // One of the two families is enough: all listen for IPv4, and the loopback has no other.
      if (!sent && failure.isPresent()) {
        throw failure.get();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closeSockets();
    } finally {
      lock.unlock();
    }
  }

  private void closeSockets() {
    sockets.forEach(GroupSocket::close);
    sockets.clear();
  }
}
