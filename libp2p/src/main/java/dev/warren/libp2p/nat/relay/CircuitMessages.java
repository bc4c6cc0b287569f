package dev.warren.libp2p.nat.relay;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.StopMessage;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.LengthPrefixed;
import java.io.EOFException;
import java.io.IOException;

/** Reads and writes the messages of relays. */
final class CircuitMessages {
  /** What go reads at most. */
  static final int MAX_BYTES = 4096;

  private CircuitMessages() {}

  static void write(Duplex stream, HopMessage message) throws IOException {
    LengthPrefixed.write(stream, message.toByteArray());
  }

  static void write(Duplex stream, StopMessage message) throws IOException {
    LengthPrefixed.write(stream, message.toByteArray());
  }

  static HopMessage readHop(Duplex stream) throws IOException {
    return read(stream, HopMessage.parser());
  }

  static StopMessage readStop(Duplex stream) throws IOException {
    return read(stream, StopMessage.parser());
  }

  private static <M> M read(Duplex stream, Parser<M> parser) throws IOException {
    byte[] message =
        LengthPrefixed.read(stream, MAX_BYTES)
            .orElseThrow(() -> new EOFException("the peer closed without a word"));
    try {
      return parser.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedCircuitMessageException(e);
    }
  }
}
