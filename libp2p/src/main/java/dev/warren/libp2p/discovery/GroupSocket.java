package dev.warren.libp2p.discovery;

import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One socket for the mDNS group of IPv4 or of IPv6, on all interfaces that it was told to join. */
final class GroupSocket implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(GroupSocket.class);

  private static final int PORT = 5353;

  /** RFC 6762, 11: some receivers drop what may have passed a router. */
  private static final int TTL = 255;

  static final InetAddress IP4_GROUP = InetAddress.ofLiteral("224.0.0.251");
  static final InetAddress IP6_GROUP = InetAddress.ofLiteral("ff02::fb");

  private final InetAddress group;
  private final DatagramChannel channel;
  private final Set<Integer> joined = new HashSet<>(); // under the link's lock

  GroupSocket(InetAddress group, Link.Receiver receiver) throws IOException {
    this.group = group;
    channel = open(isIp4(group) ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    Thread.ofVirtual().name("mdns-" + group.getHostAddress()).start(() -> receive(receiver));
  }

  private static DatagramChannel open(ProtocolFamily family) throws IOException {
    DatagramChannel channel;
    try {
      channel = DatagramChannel.open(family);
    } catch (UnsupportedOperationException e) {
      throw new IOException("this machine has no " + family.name(), e);
    }
    try {
      // Every program of the machine that speaks mDNS shares the port.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, TTL);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      channel.bind(new InetSocketAddress(PORT));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot listen on UDP port " + PORT + ": " + e.getMessage(), e);
    }
  }

  /** Whether it reaches others at an address such as this one. */
  boolean carries(InetAddress address) {
    return isIp4(address) == isIp4(group);
  }

  private static boolean isIp4(InetAddress address) {
    return address instanceof Inet4Address;
  }

  /** Listens on an interface, unless it does already; an interface without our family is none. */
  void join(NetworkInterface network) {
    if (joined.contains(network.getIndex()) || network.inetAddresses().noneMatch(this::carries)) {
      return;
    }
    try {
      channel.join(group, network);
      joined.add(network.getIndex());
    } catch (IOException e) {
      log.debug("cannot join {} on {}: {}", group, network.getName(), e.getMessage());
    }
  }

  /** Whether it hears nothing any more, or an interface that it listens on is not among these. */
  boolean isSpent(Collection<Integer> indexes) {
    return !channel.isOpen() || !indexes.containsAll(joined);
  }

  /** Sends out of an interface; the caller lets one thread in at a time. */
  void send(NetworkInterface network, byte[] message) throws IOException {
    channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
    channel.send(ByteBuffer.wrap(message), new InetSocketAddress(group, PORT));
  }

  private void receive(Link.Receiver receiver) {
    // A byte more shows that a message is too long, which the reader then refuses.
    ByteBuffer buffer = ByteBuffer.allocate(DnsReader.MAX_MESSAGE_BYTES + 1);
    try {
      while (true) {
        InetAddress source = ((InetSocketAddress) channel.receive(buffer.clear())).getAddress();
        // An IPv6 socket also hears the group of IPv4, which the other socket is for.
        if (carries(source)) {
          receiver.received(Arrays.copyOf(buffer.array(), buffer.position()), source);
        }
      }
    } catch (IOException e) {
      log.debug("no longer hearing {}: {}", group, e.toString());
    } finally {
      close(); // by which the link learns of it
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("closing the socket of {}: {}", group, e.toString());
    }
  }
}
