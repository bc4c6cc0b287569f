package dev.warren.libp2p.protocol.identify;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.protocol.identify.pb.IdentifyMessage;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.LengthPrefixed;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads and writes identify messages.
 *
 * <p>Large ones come in several parts that are merged: rust takes at most 4096 bytes in one, so the
 * signed record goes into a second message when it would not fit.
 */
final class IdentifyMessages {
  private static final int MAX_SENT_BYTES = 4096;
  private static final int MAX_RECEIVED_BYTES = 8 * 1024;
  private static final int MAX_PARTS = 10;

  private IdentifyMessages() {}

  static void write(Duplex stream, IdentifyMessage message) throws IOException {
    if (message.getSerializedSize() <= MAX_SENT_BYTES) {
      writePart(stream, message);
      return;
    }
    writePart(stream, message.toBuilder().clearSignedPeerRecord().build());
    writePart(
        stream,
        IdentifyMessage.newBuilder().setSignedPeerRecord(message.getSignedPeerRecord()).build());
  }

  private static void writePart(Duplex stream, IdentifyMessage part) throws IOException {
    LengthPrefixed.write(stream, part.toByteArray());
  }

  /** Reads all parts until the peer closes its side. */
  static IdentifyMessage read(Duplex stream) throws IOException {
    var merged = IdentifyMessage.newBuilder();
    for (int parts = 0; parts < MAX_PARTS; parts++) {
      Optional<byte[]> part = LengthPrefixed.read(stream, MAX_RECEIVED_BYTES);
      if (part.isEmpty()) {
        if (parts == 0) {
          throw new EOFException("the peer closed without saying who it is");
        }
        return merged.build();
      }
      try {
        merged.mergeFrom(CodedInputStream.newInstance(part.get()));
      } catch (InvalidProtocolBufferException e) {
        throw new IOException("the peer's identify message is malformed", e);
      }
    }
    throw new IOException("the peer's identify message has more than " + MAX_PARTS + " parts");
  }
}
