package dev.warren.libp2p.nat.autonat;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.v1.pb.Message;
import dev.warren.libp2p.nat.autonat.v1.pb.Message.DialResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks by the first version. */
final class V1Client {
  private V1Client() {}

  static DialBackAnswer ask(
      Host host, Connection server, List<Multiaddr> addresses, Duration timeout)
      throws IOException {
    Stream stream = server.open(V1Server.PROTOCOL);
    try (stream;
        var _ = host.time().after(timeout, () -> stream.reset(0))) {
      AutoNatMessages.write(stream, request(host, addresses));
      Message answer = AutoNatMessages.read(stream, Message.parser(), AutoNatMessages.MAX_V1_BYTES);
      if (answer.getType() != Message.MessageType.DIAL_RESPONSE) {
        throw new MalformedAutoNatMessageException("another message than an answer");
      }
      DialResponse response = answer.getDialResponse();
      return switch (response.getStatus()) {
        case OK -> reached(response.getAddr());
        case E_DIAL_ERROR -> new DialBackAnswer.Unreached(addresses);
        case E_DIAL_REFUSED -> new DialBackAnswer.Refused(Refusal.REJECTED);
        case E_BAD_REQUEST -> new DialBackAnswer.Refused(Refusal.BAD_REQUEST);
        case E_INTERNAL_ERROR, UNRECOGNIZED -> new DialBackAnswer.Refused(Refusal.FAULT);
      };
    }
  }

  private static Message request(Host host, List<Multiaddr> addresses) {
    var self = Message.PeerInfo.newBuilder().setId(ByteString.copyFrom(host.peerId().toBytes()));
    addresses.forEach(address -> self.addAddrs(ByteString.copyFrom(address.toBytes())));
    return Message.newBuilder()
        .setType(Message.MessageType.DIAL)
        .setDial(Message.Dial.newBuilder().setPeer(self))
        .build();
  }

  private static DialBackAnswer reached(ByteString address) throws IOException {
    try {
      return new DialBackAnswer.Reached(
          Multiaddr.fromBytes(address.toByteArray()).withoutPeer(), Optional.empty());
    } catch (MalformedException e) {
      throw new MalformedAutoNatMessageException("no address where it says that it has one", e);
    }
  }
}
