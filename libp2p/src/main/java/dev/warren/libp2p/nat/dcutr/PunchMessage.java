package dev.warren.libp2p.nat.dcutr;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.dcutr.pb.HolePunch;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.LengthPrefixed;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the two ends say to each other (§"RPC messages"). */
sealed interface PunchMessage {
  /** "Implementations SHOULD refuse encoded RPC messages … larger than 4 KiB." */
  int MAX_BYTES = 4096;

  /** More than a peer at home has; what comes behind them is not read. */
  int MAX_ADDRESSES = 16;

  /** Where the sender may be reached, as others see it. */
  record Connect(List<Multiaddr> addresses) implements PunchMessage {
    public Connect {
      addresses = List.copyOf(addresses);
    }
  }

  /** Now. */
  record Sync() implements PunchMessage {}

  /** Sends it. */
  default void write(Duplex stream) throws IOException {
    var message = HolePunch.newBuilder();
    switch (this) {
      case Connect(List<Multiaddr> addresses) -> {
        message.setType(HolePunch.Type.CONNECT);
        addresses.stream()
            .limit(MAX_ADDRESSES)
            .forEach(address -> message.addObservedAddrs(ByteString.copyFrom(address.toBytes())));
      }
      case Sync() -> message.setType(HolePunch.Type.SYNC);
    }
    LengthPrefixed.write(stream, message.build().toByteArray());
  }

  /** Reads a message. */
  static PunchMessage read(Duplex stream) throws IOException {
    byte[] bytes =
        LengthPrefixed.read(stream, MAX_BYTES)
            .orElseThrow(() -> new EOFException("the peer closed without a word"));
    HolePunch message;
    try {
      message = HolePunch.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedPunchMessageException("the peer sent a message that cannot be read", e);
    }
    return switch (message.getType()) {
      case CONNECT -> new Connect(addresses(message.getObservedAddrsList()));
      case SYNC -> new Sync();
      case UNUSED, UNRECOGNIZED ->
          throw new MalformedPunchMessageException("the peer sent a message of no known kind");
    };
  }

  /** Reads a message that has to be one of addresses. */
  static Connect readConnect(Duplex stream) throws IOException {
    if (read(stream) instanceof Connect connect) {
      return connect;
    }
    throw new MalformedPunchMessageException("the peer sent SYNC before its addresses");
  }

  private static List<Multiaddr> addresses(List<ByteString> encoded) {
    List<Multiaddr> addresses = new ArrayList<>();
    for (ByteString bytes : encoded.subList(0, Math.min(MAX_ADDRESSES, encoded.size()))) {
      try {
        addresses.add(Multiaddr.fromBytes(bytes.toByteArray()));
      } catch (MalformedException unknown) {
        // of a kind that only newer nodes can dial
      }
    }
    return addresses;
  }
}
