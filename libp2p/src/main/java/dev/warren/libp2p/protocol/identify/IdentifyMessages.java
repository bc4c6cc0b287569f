package dev.warren.libp2p.protocol.identify;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Varint;
import dev.warren.libp2p.protocol.identify.pb.IdentifyMessage;
import dev.warren.libp2p.transport.Duplex;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

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
    byte[] body = part.toByteArray();
    byte[] length = Varint.encode(body.length);
    byte[] framed = new byte[length.length + body.length];
    System.arraycopy(length, 0, framed, 0, length.length);
    System.arraycopy(body, 0, framed, length.length, body.length);
    stream.write(framed);
  }

  /** Reads all parts until the peer closes its side. */
  static IdentifyMessage read(Duplex stream) throws IOException {
    InputStream in = stream.input();
    var merged = IdentifyMessage.newBuilder();
    for (int parts = 0; parts < MAX_PARTS; parts++) {
      long length;
      try {
        length = Varint.read(in);
      } catch (EOFException e) {
        if (parts == 0) {
          throw e;
        }
        return merged.build();
      } catch (MalformedException e) {
        throw new IOException("the peer's identify message has no valid length", e);
      }
      if (length > MAX_RECEIVED_BYTES) {
        throw new IOException("the peer's identify message has " + length + " bytes");
      }
      byte[] body = new byte[(int) length];
      stream.readFully(body, 0, body.length);
      try {
        merged.mergeFrom(CodedInputStream.newInstance(body));
      } catch (InvalidProtocolBufferException e) {
        throw new IOException("the peer's identify message is malformed", e);
      }
    }
    throw new IOException("the peer's identify message has more than " + MAX_PARTS + " parts");
  }
}
