package dev.warren.libp2p.nat.autonat;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.v1.pb.Message;
import dev.warren.libp2p.nat.autonat.v1.pb.Message.DialResponse;
import dev.warren.libp2p.nat.autonat.v1.pb.Message.ResponseStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Serves the first version: all addresses at once, at the IP address of the one who asks. */
final class V1Server implements StreamHandler {
  static final String PROTOCOL = "/libp2p/autonat/1.0.0";

  private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(10);

  private final AutoNatServer server;

  V1Server(AutoNatServer server) {
    this.server = server;
  }

  @Override
  public void handle(Stream stream) throws IOException {
    stream.setWriteTimeout(MESSAGE_TIMEOUT);
    DialResponse.Builder response;
    if (server.begin(stream.connection())) {
      try {
        response = serve(stream);
      } finally {
        server.end(stream.remotePeer()); // who has its answer may ask again at once
      }
    } else {
      response = refuse(ResponseStatus.E_DIAL_REFUSED, "too many requests, or one by a relay");
    }
    AutoNatMessages.write(
        stream,
        Message.newBuilder()
            .setType(Message.MessageType.DIAL_RESPONSE)
            .setDialResponse(response)
            .build());
  }

  private DialResponse.Builder serve(Stream stream) throws IOException {
    Message request;
    try (var _ = server.host().time().after(MESSAGE_TIMEOUT, () -> stream.reset(0))) {
      request = AutoNatMessages.read(stream, Message.parser(), AutoNatMessages.MAX_V1_BYTES);
    }
    PeerId peer = stream.remotePeer();
    Message.PeerInfo asked = request.getDial().getPeer();
    boolean ofAnother = asked.hasId() && !asked.getId().equals(ByteString.copyFrom(peer.toBytes()));
    if (request.getType() != Message.MessageType.DIAL
        || !request.getDial().hasPeer()
        || ofAnother) {
      return refuse(ResponseStatus.E_BAD_REQUEST, "not a request of the peer's own");
    }
    Optional<InetAddress> observed = stream.connection().remoteAddress().ip();
    List<Multiaddr> addresses =
        observed
            .map(ip -> server.policy().atObserved(peer, asked.getAddrsList(), ip))
            .orElse(List.of());
    return addresses.isEmpty()
        ? refuse(ResponseStatus.E_DIAL_REFUSED, "no address that may be dialed")
        : dial(peer, addresses);
  }

  private DialResponse.Builder dial(PeerId peer, List<Multiaddr> addresses) throws IOException {
    long begin = server.host().time().nanoTime();
    Optional<Multiaddr> reached = server.dialer().any(peer, addresses);
    server.count(reached.isPresent());
    if (reached.isPresent()) {
      return DialResponse.newBuilder()
          .setStatus(ResponseStatus.OK)
          .setAddr(ByteString.copyFrom(reached.get().toBytes()));
    }
    // How long it took would tell a port that is closed from one that is filtered.
    Duration limit = server.limits().dialTimeout();
    server.pause(limit.minusNanos(server.host().time().nanoTime() - begin));
    return DialResponse.newBuilder()
        .setStatus(ResponseStatus.E_DIAL_ERROR)
        .setStatusText("the peer was not reached");
  }

  private DialResponse.Builder refuse(ResponseStatus status, String why) {
    server.countRefusal();
    return DialResponse.newBuilder().setStatus(status).setStatusText(why);
  }
}
