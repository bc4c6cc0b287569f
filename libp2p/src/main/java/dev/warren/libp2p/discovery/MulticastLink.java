package dev.warren.libp2p.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

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
      if (sockets.isEmpty() && !closed) {
        open();
      }
      List<Face> faces = new ArrayList<>();
      for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
        if (network.isUp() && (network.supportsMulticast() || network.isLoopback())) {
          faces.add(face(network));
          sockets.forEach(socket -> socket.join(network));
        }
      }
      Set<Integer> indexes = faces.stream().map(Face::index).collect(Collectors.toSet());
      sockets.forEach(socket -> socket.leaveAllBut(indexes));
      return faces;
    } finally {
      lock.unlock();
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
      sockets.forEach(GroupSocket::close);
      sockets.clear();
    } finally {
      lock.unlock();
    }
  }
}
