package dev.warren.libp2p.nat.portmap;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which router there is and what it speaks. */
@FunctionalInterface
interface GatewaySearch {

  /**
   * Tries one after the other. Blocks for some seconds at most, besides what is tried.
   *
   * @param suits whether the router maps ports when it is asked in this way
   */
  Optional<Gateway> find(Predicate<Gateway> suits) throws IOException;

  /** The real one: PCP and NAT-PMP where the default route leads, then UPnP. */
  static GatewaySearch ofSystem(TimeSource time) {
    var upnp = new UpnpSearch(UpnpSearch.EVERYBODY, Duration.ofMillis(1_500), new LanHttp(time));
    var nonces = new PcpNonces();
    return suits -> {
      for (InetAddress router : DefaultRoute.routers()) {
        var address = new InetSocketAddress(router, PcpMessages.PORT);
        Optional<Gateway> found = new Asking(address, nonces, time).find(upnp::find, suits);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    };
  }

  /** Where the small protocols lead to nothing. */
  @FunctionalInterface
  interface ByUpnp {
    Optional<Gateway> find(InetAddress localAddress) throws IOException;
  }

  /** Asks one router in all ways. */
  final class Asking {
    private static final Logger log = LoggerFactory.getLogger(GatewaySearch.class);

    /** RFC 6886 §3.1 begins with 250 ms too; a router that says nothing to three speaks neither. */
    private static final int ATTEMPTS = 3;

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);

    private final InetSocketAddress router;
    private final PcpNonces nonces;
    private final TimeSource time;

    Asking(InetSocketAddress router, PcpNonces nonces, TimeSource time) {
      this.router = router;
      this.nonces = nonces;
      this.time = time;
    }

    /** What is refused in one way may be granted in another, which is set elsewhere. */
    Optional<Gateway> find(ByUpnp upnp, Predicate<Gateway> suits) throws IOException {
      Optional<Gateway> small = find().filter(gateway -> suits(gateway, suits));
      return small.isPresent()
          ? small
          : upnp.find(localAddress()).filter(gateway -> suits(gateway, suits));
    }

    private static boolean suits(Gateway gateway, Predicate<Gateway> suits) {
      boolean suitable = suits.test(gateway);
      if (!suitable) {
        gateway.close();
      }
      return suitable;
    }

    private InetAddress localAddress() throws IOException {
      try (RouterSocket socket = socket()) {
        return socket.localAddress();
      }
    }

    /** NAT-PMP's question for the address is answered by both, by PCP with its own version. */
    Optional<Gateway> find() throws IOException {
      RouterSocket socket = socket();
      try {
        boolean pcp = socket.ask(NatPmpMessages.externalAddress(), Asking::speaksPcp);
        var epoch = new RouterEpoch(time);
        return Optional.of(
            pcp ? new PcpGateway(socket, nonces, epoch) : new NatPmpGateway(socket, epoch));
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
