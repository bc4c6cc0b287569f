package dev.warren.libp2p.nat.autonat;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.StreamHandler;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.nat.autonat.DialBackPolicy.Chosen;
import dev.warren.libp2p.nat.autonat.v2.pb.DialDataRequest;
import dev.warren.libp2p.nat.autonat.v2.pb.DialRequest;
import dev.warren.libp2p.nat.autonat.v2.pb.DialResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialResponse.ResponseStatus;
import dev.warren.libp2p.nat.autonat.v2.pb.DialStatus;
import dev.warren.libp2p.nat.autonat.v2.pb.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** Serves the second version: one address, which may be anywhere if it is paid for. */
final class V2Server implements StreamHandler {
  static final String DIAL_REQUEST = "/libp2p/autonat/2/dial-request";
  static final String DIAL_BACK = "/libp2p/autonat/2/dial-back";

  /** For all that is said and done for a request; go does not wait longer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** autonat-v2.md, "Amplification Attack Prevention": more than any handshake takes. */
  static final int MIN_DATA_BYTES = 30_000;

  static final int MAX_DATA_BYTES = 100_000;

  /** Smaller pieces would cost the reader more than the sender. */
  static final int MIN_CHUNK_BYTES = 100;

  private final AutoNatServer server;
  private final SecureRandom random = new SecureRandom();

  V2Server(AutoNatServer server) {
    this.server = server;
  }

  @Override
  public void handle(Stream stream) throws IOException {
    try (var _ = server.host().time().after(TIMEOUT, () -> stream.reset(0))) {
      DialResponse.Builder response;
      if (server.begin(stream.connection())) {
        try {
          response = serve(stream);
        } finally {
          server.end(stream.remotePeer()); // who has its answer may ask again at once
        }
      } else {
        response = refuse(ResponseStatus.E_REQUEST_REJECTED);
      }
      AutoNatMessages.write(stream, Message.newBuilder().setDialResponse(response).build());
    }
  }

  private DialResponse.Builder serve(Stream stream) throws IOException {
    Message message = read(stream);
    if (!message.hasDialRequest()) {
      throw new MalformedAutoNatMessageException("another message than a request");
    }
    DialRequest request = message.getDialRequest();
    PeerId peer = stream.remotePeer();
    Optional<InetAddress> observed = stream.connection().remoteAddress().ip();
    Optional<Chosen> chosen =
        observed.flatMap(ip -> server.policy().first(peer, request.getAddrsList(), ip));
    if (chosen.isEmpty()) {
      return refuse(ResponseStatus.E_DIAL_REFUSED);
    }
    if (!chosen.get().address().ip().equals(observed)) {
      if (!server.mayDialElsewhere()) {
        return refuse(ResponseStatus.E_REQUEST_REJECTED);
      }
      demandData(stream, chosen.get().index());
      server.pause(
          Duration.ofMillis(random.nextLong(server.limits().longestPause().toMillis() + 1)));
    }
    DialStatus status = server.dialer().one(peer, chosen.get().address(), request.getNonce());
    server.count(status == DialStatus.OK);
    return DialResponse.newBuilder()
        .setStatus(ResponseStatus.OK)
        .setAddrIdx(chosen.get().index())
        .setDialStatus(status);
  }

  /** Who has somebody else dialed pays with more than that costs. */
  private void demandData(Stream stream, int index) throws IOException {
    int wanted = random.nextInt(MIN_DATA_BYTES, MAX_DATA_BYTES + 1);
    AutoNatMessages.write(
        stream,
        Message.newBuilder()
            .setDialDataRequest(DialDataRequest.newBuilder().setAddrIdx(index).setNumBytes(wanted))
            .build());
    for (int missing = wanted; missing > 0; ) {
      Message message = read(stream);
      int bytes = message.getDialDataResponse().getData().size();
      missing -= bytes;
      if (!message.hasDialDataResponse() || (bytes < MIN_CHUNK_BYTES && missing > 0)) {
        throw new MalformedAutoNatMessageException("no data, or too little at a time");
      }
    }
  }

  private static Message read(Stream stream) throws IOException {
    return AutoNatMessages.read(stream, Message.parser(), AutoNatMessages.MAX_V2_BYTES);
  }

  private DialResponse.Builder refuse(ResponseStatus status) {
    server.countRefusal();
    return DialResponse.newBuilder().setStatus(status);
  }
}
