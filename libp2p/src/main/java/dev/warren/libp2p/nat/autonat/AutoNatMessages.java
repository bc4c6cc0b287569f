package dev.warren.libp2p.nat.autonat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.LengthPrefixed;
import java.io.EOFException;
import java.io.IOException;

/** Reads and writes the messages of both versions. */
final class AutoNatMessages {
  /** What go reads at most, of the first version. */
  static final int MAX_V1_BYTES = 4096;

  /** What go reads at most, of the second. */
  static final int MAX_V2_BYTES = 8192;

  /** A nonce, or a status. */
  static final int MAX_DIAL_BACK_BYTES = 1024;

  private AutoNatMessages() {}

  static void write(Duplex stream, MessageLite message) throws IOException {
    LengthPrefixed.write(stream, message.toByteArray());
  }

  static <M> M read(Duplex stream, Parser<M> parser, int maxBytes) throws IOException {
    byte[] message =
        LengthPrefixed.read(stream, maxBytes)
            .orElseThrow(() -> new EOFException("the peer closed without a word"));
    try {
      return parser.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedAutoNatMessageException("a message that cannot be read", e);
    }
  }
}
