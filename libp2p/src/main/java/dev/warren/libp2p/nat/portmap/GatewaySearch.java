package dev.warren.libp2p.nat.portmap;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which router there is and what it speaks. */
@FunctionalInterface
interface GatewaySearch {

  /** Empty if none maps ports. Blocks for some seconds at most. */
  Optional<Gateway> find() throws IOException;

  /** The real one: PCP and NAT-PMP where the default route leads, then UPnP. */
  static GatewaySearch ofSystem(TimeSource time) {
    var upnp = new UpnpSearch(UpnpSearch.EVERYBODY, Duration.ofMillis(1_500), new LanHttp(time));
    return () -> {
      for (InetAddress router : DefaultRoute.routers()) {
        var asked = new Asking(new InetSocketAddress(router, PcpMessages.PORT));
        Optional<Gateway> found = asked.find();
        if (found.isEmpty()) {
          found = upnp.find(asked.localAddress());
        }
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    };
  }

  /** Asks one router which of the small protocols it speaks. */
  final class Asking {
    private static final Logger log = LoggerFactory.getLogger(GatewaySearch.class);

    /** RFC 6886 §3.1 begins with 250 ms too; a router that says nothing to three speaks neither. */
    private static final int ATTEMPTS = 3;

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);

    private final InetSocketAddress router;

    Asking(InetSocketAddress router) {
      this.router = router;
    }

    InetAddress localAddress() throws IOException {
      try (RouterSocket socket = socket()) {
        return socket.localAddress();
      }
    }

    /** NAT-PMP's question for the address is answered by both, by PCP with its own version. */
    Optional<Gateway> find() throws IOException {
      RouterSocket socket = socket();
      try {
        boolean pcp = socket.ask(NatPmpMessages.externalAddress(), Asking::speaksPcp);
        return Optional.of(pcp ? new PcpGateway(socket) : new NatPmpGateway(socket));
      } catch (IOException e) {
        socket.close();
        log.debug("{} speaks neither PCP nor NAT-PMP: {}", router, e.toString());
        return Optional.empty();
      }
    }

    private static Optional<Boolean> speaksPcp(byte[] datagram) {
      return datagram.length >= 4 && datagram[1] < 0 // an answer
          ? Optional.of(datagram[0] != 0)
          : Optional.empty();
    }

    private RouterSocket socket() throws IOException {
      return new RouterSocket(router, ATTEMPTS, FIRST_WAIT);
    }
  }
}
